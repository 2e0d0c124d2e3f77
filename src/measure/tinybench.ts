/**
 * The seam in front of tinybench. tinybench times single calls, which is hopeless below some 10 us, so every sample is
 * a calibrated batch handed over as `overriddenDuration`; `time: 0` with fixed iterations, because that duration would
 * otherwise feed its time budget; and samples are kept here in the order taken, because tinybench sorts its own.
 */

import { Bench } from 'tinybench'
import { nowNs } from './clock.ts'

interface Batches {
  /** ns a call, one a batch, in the order taken. */
  readonly samples: number[]
  readonly callsPerBatch: number
}

function batchNs(call: () => void, calls: number): number {
  const start = nowNs()
  for (let i = 0; i < calls; i++) call()
  return nowNs() - start
}

/** Calls a batch needs to last `batchNs`. */
function calibrate(call: () => void, minimumNs: number): { calls: number; callNs: number } {
  let calls = 1
  for (;;) {
    const elapsed = Math.max(1, batchNs(call, calls))
    if (elapsed >= minimumNs) return { calls, callNs: elapsed / calls }
    calls = Math.max(calls * 2, Math.min(calls * 10, Math.ceil((calls * minimumNs) / elapsed)))
  }
}

interface BatchOptions {
  /** Time the subject runs before it is timed. */
  readonly warmupMs: number
  readonly samples: number
  readonly batchNs: number
  readonly budgetMs: number
}

/** At least one call; a slow subject is not called again only to warm it up. */
function warmUp(call: () => void, milliseconds: number): void {
  const end = nowNs() + milliseconds * 1e6
  do call()
  while (nowNs() < end)
}

/** @throws whatever `call` throws. */
export function runBatches(name: string, call: () => void, options: BatchOptions): Batches {
  warmUp(call, options.warmupMs)
  const { calls, callNs } = calibrate(call, options.batchNs)
  const affordable = Math.floor((options.budgetMs * 1e6) / (calls * callNs))
  const iterations = Math.max(3, Math.min(options.samples, affordable))
  const samples: number[] = []
  const bench = new Bench({ time: 0, iterations, warmup: false, throws: true })
  bench.add(
    name,
    () => {
      const ns = batchNs(call, calls) / calls
      samples.push(ns)
      return { overriddenDuration: ns / 1e6 }
    },
    { async: false },
  )
  const [task] = bench.runSync()
  if (task.result.state !== 'completed') throw new Error(`tinybench ended "${name}" in state ${task.result.state}`)
  return { samples, callsPerBatch: calls }
}
