/**
 * The seam in front of tinybench. tinybench times single calls, which is hopeless below some 10 us, so every sample is
 * a calibrated batch handed over as `overriddenDuration`; `time: 0` with fixed iterations, because that duration would
 * otherwise feed its time budget; and samples are kept here in the order taken, because tinybench sorts its own.
 */

import { Bench } from 'tinybench'
import { nowNs } from './clock.ts'

export interface Batches {
  /** ns a call, one a batch, in the order taken. */
  readonly samples: number[]
  readonly callsPerBatch: number
}

function batchNs(call: () => void, calls: number): number {
  const start = nowNs()
  for (let i = 0; i < calls; i++) call()
  return nowNs() - start
}

/** Calls a batch needs to last `batchNs`; the search doubles as the warm-up that lets the JIT settle. */
function calibrate(call: () => void, minimumNs: number): { calls: number; callNs: number } {
  let calls = 1
  for (;;) {
    const elapsed = Math.max(1, batchNs(call, calls))
    if (elapsed >= minimumNs) return { calls, callNs: elapsed / calls }
    calls = Math.max(calls * 2, Math.min(calls * 10, Math.ceil((calls * minimumNs) / elapsed)))
  }
}

export interface BatchOptions {
  readonly samples: number
  readonly batchNs: number
  readonly budgetMs: number
}

/** @throws whatever `call` throws. */
export function runBatches(name: string, call: () => void, options: BatchOptions): Batches {
  calibrate(call, options.batchNs)
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
