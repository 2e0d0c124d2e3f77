/** Entry of a pool thread: runs its share of every job on kernels of its own over the shared memory, for ever. */

import { workerData } from 'node:worker_threads'
import type { Kernel } from '../kernels.ts'
import {
  epoch,
  failed,
  kernel,
  kernelNames,
  pending,
  polls,
  ready,
  shares,
  task,
  type WorkerData,
  wordsAShare,
} from './control.ts'

const { module, memory, control, index } = workerData as WorkerData
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
const kernels = kernelNames(module).map((name) => exports[name] as unknown as Kernel)
const share = shares + wordsAShare * index

function waitFor(seen: number): number {
  for (let i = 0; i < polls; i++) if (Atomics.load(control, epoch) !== seen) return Atomics.load(control, epoch)
  Atomics.wait(control, epoch, seen)
  return Atomics.load(control, epoch)
}

function runPart(): void {
  const [first, end, scratch] = [control[share], control[share + 1], control[share + 2]]
  if (first === end) return
  try {
    kernels[control[kernel]](control[task] >>> 0, first, end, scratch >>> 0)
  } catch {
    Atomics.store(control, failed, 1)
  }
}

let seen = Atomics.load(control, epoch)
Atomics.store(control, ready + index, 1)
for (;;) {
  const current = waitFor(seen)
  if (current === seen) continue
  seen = current
  if (Atomics.load(control, share + 3) !== current) continue
  runPart()
  if (Atomics.sub(control, pending, 1) === 1) Atomics.notify(control, pending)
}
