/**
 * Worker threads over the shared memory. A job is one kernel over consecutive ranges of rows, one range a thread, fixed
 * when it was planned; the caller works on the first. A row is computed by the same code on the same numbers wherever it
 * runs, so that results do not depend on the number of threads, bit for bit.
 */

import type { Kernels } from '../kernels.ts'
import { nodeModule } from '../node.ts'
import {
  epoch,
  failed,
  kernel,
  kernelNames,
  mostWorkers,
  pending,
  polls,
  ready,
  shares,
  task,
  type WorkerData,
  words,
  wordsAShare,
} from './control.ts'

/** Rows [first, end) and the scratch they may use. */
export interface Share {
  readonly first: number
  readonly end: number
  readonly scratch: number
}

interface Pool {
  /** Runs a kernel on all shares and answers when the last one is done. A thread that is still starting has its share done here. */
  run(name: string, task: number, shares: readonly Share[]): void
}

const workerUrl = (): URL => new URL('./worker.js', import.meta.url)

function createPool({ module, memory, run }: Kernels): Pool & { grow(threads: number): void } {
  const control = new Int32Array(new SharedArrayBuffer(4 * words))
  const indices = new Map(kernelNames(module).map((name, i) => [name, i]))
  let workers = 0

  const start = (index: number): void => {
    const workerData: WorkerData = { module, memory: memory.wasm, control, index }
    // Flags of the process are not the worker's. Nothing waits for an idle thread: the process may end.
    const worker = new (nodeModule('node:worker_threads')!.Worker)(workerUrl(), { workerData, execArgv: [] })
    worker.unref()
    // A thread that cannot run is one less: its shares are done by the caller.
    worker.once('error', () => Atomics.store(control, ready + index, 0))
  }

  /** Ready workers get their share, or none where there are more workers than shares. Answers how many were counted in. */
  const handOut = (given: readonly Share[], job: number): number => {
    let counted = 0
    for (let i = 0; i < workers; i++) {
      if (Atomics.load(control, ready + i) === 0) continue
      const at = shares + wordsAShare * i
      const has = i + 1 < given.length
      control[at] = has ? given[i + 1].first : 0
      control[at + 1] = has ? given[i + 1].end : 0
      control[at + 2] = has ? given[i + 1].scratch : 0
      Atomics.store(control, at + 3, job)
      counted++
    }
    return counted
  }

  const isHandedOut = (i: number, job: number): boolean => i > 0 && control[shares + wordsAShare * (i - 1) + 3] === job

  const settle = (): void => {
    for (let i = 0; i < polls; i++) if (Atomics.load(control, pending) === 0) return
    for (let left = Atomics.load(control, pending); left > 0; left = Atomics.load(control, pending)) {
      Atomics.wait(control, pending, left)
    }
  }

  return {
    grow(threads) {
      for (; workers < Math.min(threads - 1, mostWorkers); workers++) start(workers)
    },
    run(name, address, given) {
      const job = (Atomics.load(control, epoch) + 1) | 0
      control[kernel] = indices.get(name)!
      control[task] = address
      Atomics.store(control, failed, 0)
      Atomics.store(control, pending, handOut(given, job))
      Atomics.store(control, epoch, job)
      Atomics.notify(control, epoch)
      for (let i = 0; i < given.length; i++) {
        if (!isHandedOut(i, job)) run[name](address, given[i].first, given[i].end, given[i].scratch)
      }
      settle()
      if (control[failed]) throw new Error(`kernel ${name} trapped in a thread of the pool`)
    },
  }
}

let pool: ReturnType<typeof createPool> | undefined

/** The pool of this process, with at least `threads` threads, this one included. */
export function threadPool(kernels: Kernels, threads: number): Pool {
  pool ??= createPool(kernels)
  pool.grow(threads)
  return pool
}
