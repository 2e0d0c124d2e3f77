/** How steady a machine computes: the same work again and again, in this process, by the clock. */

import { autocorrelation, drift } from '../stats/drift.ts'
import { median, quantileSorted } from '../stats/quantile.ts'
import { nowNs, timerTickNs } from './clock.ts'

export interface Steadiness {
  readonly timerTickNs: number
  /** 95th percentile of the time of a piece of work, over its median, less 1. */
  readonly spread: number
  /** From the first third of the samples to the last. */
  readonly drift: number
  /** Correlation of neighbouring samples: near 0 where disturbances are independent, near 1 where they last. */
  readonly neighbours: number
  readonly samples: number
}

/** Some tens of microseconds of integer arithmetic that nothing optimises away. */
function work(): number {
  let state = 1
  for (let i = 0; i < 40_000; i++) state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state
}

export function measureSteadiness(milliseconds: number): Steadiness {
  const samples: number[] = []
  const end = nowNs() + milliseconds * 1e6
  let consumed = 0
  for (let before = nowNs(); before < end; ) {
    consumed ^= work()
    const now = nowNs()
    samples.push(now - before + (consumed & 0))
    before = now
  }
  return {
    timerTickNs: timerTickNs(),
    spread: quantileSorted(Float64Array.from(samples).sort(), 0.95) / median(samples) - 1,
    drift: drift(samples),
    neighbours: autocorrelation(samples),
    samples: samples.length,
  }
}
