/** Bytes that a plan holds, and that a call of it leaves on the heap: none, as plans promise. */

import type { PlanBytes } from '../core/experiment.ts'
import type { Plan } from '../core/method.ts'
import { median } from '../stats/quantile.ts'
import { heldBytes } from './growth.ts'

const calls = 2000
const repetitions = 9

/** A collection in between makes a difference negative: the median of the others is what a call leaves. */
function leftBy(call: () => void): number {
  const found: number[] = []
  for (let i = 0; i < repetitions; i++) {
    const before = process.memoryUsage().heapUsed
    for (let k = 0; k < calls; k++) call()
    found.push((process.memoryUsage().heapUsed - before) / calls)
  }
  const grown = found.filter((bytes) => bytes >= 0)
  return grown.length === 0 ? 0 : median(grown)
}

/** What asking costs by itself is taken off. */
const above = (call: () => void): number => Math.max(0, leftBy(call) - leftBy(() => {}))

/** The first plan may make the scratch that plans share grow: the second is weighed. */
function heldBy(make: () => Plan): number {
  make().dispose()
  const before = heldBytes()
  const plan = make()
  const held = heldBytes() - before
  plan.dispose()
  return Math.max(0, held)
}

/** @param make a plan, ready to be called */
export function planBytes(make: () => Plan): PlanBytes {
  const held = heldBy(make)
  const plan = make()
  for (let k = 0; k < calls; k++) {
    plan.forward()
    plan.backward()
  }
  const bytes = { held, forward: above(() => plan.forward()), backward: above(() => plan.backward()) }
  plan.dispose()
  return bytes
}
