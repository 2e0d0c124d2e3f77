/** How time and memory of an operator grow with the length of a row: exponents of n, from doublings. */

import type { Growth, OperatorSpec, Plan } from '../core/method.ts'
import type { Params } from '../core/params.ts'
import { randomStream } from '../core/random.ts'
import { regularShape } from '../core/shape.ts'
import { engineKernels } from '../engine/kernels.ts'
import { nowNs } from './clock.ts'

export interface MeasuredGrowth {
  /** Slope of log time, or bytes, over log n, between the two lengths. */
  readonly forward: number
  readonly backward: number
  readonly memory: number
  readonly from: number
  readonly to: number
}

const shortest = 32
const longest = 2 ** 17
/** A length is the last one when one pass takes this long, or a plan holds this much. */
const enoughMs = 40
const enoughBytes = 2 ** 27
const repetitions = 5

const elapsedMs = (call: () => void): number => {
  const start = nowNs()
  call()
  return (nowNs() - start) / 1e6
}

/** The fastest of some calls: interruptions only ever add. Of long calls two will do. */
function fastest(call: () => void): number {
  let best = elapsedMs(call)
  const more = best > enoughMs ? 1 : repetitions
  for (let i = 0; i < more; i++) best = Math.min(best, elapsedMs(call))
  return best
}

interface SizePoint {
  readonly n: number
  readonly forward: number
  readonly backward: number
  readonly memory: number
}

/** Bytes that plans hold in JavaScript's buffers and in the engine's memory. */
export const heldBytes = (): number => process.memoryUsage().arrayBuffers + (engineKernels()?.memory.inUse() ?? 0)

/**
 * A collection in between hides what a plan holds: the largest of some differences is what it is. The first plan may make
 * the scratch that plans share grow, and is not counted.
 */
function planMeasured(operator: OperatorSpec, params: Params, n: number): { plan: Plan; memory: number } {
  let memory = 0
  for (let attempt = 0; ; attempt++) {
    const before = heldBytes()
    const plan = operator.plan(regularShape(1, n), params, 'f64')
    if (attempt > 0) memory = Math.max(memory, heldBytes() - before)
    if (attempt === 3) return { plan, memory }
    plan.dispose()
  }
}

function measureAt(operator: OperatorSpec, params: Params, n: number): SizePoint {
  const random = randomStream(n, 'growth')
  const { plan, memory } = planMeasured(operator, params, n)
  for (let i = 0; i < n; i++) plan.values[i] = random.normal()
  plan.labels?.set(Float64Array.from({ length: n }, () => random.integer(5)))
  plan.cotangent.set(Float64Array.from(plan.cotangent, () => random.normal()))
  plan.forward()
  plan.backward()
  const point = { n, forward: fastest(() => plan.forward()), backward: fastest(() => plan.backward()), memory }
  plan.dispose()
  return point
}

const slope = (low: SizePoint, high: SizePoint, of: (point: SizePoint) => number): number =>
  Math.log(of(high) / of(low)) / Math.log(high.n / low.n)

/** Doublings that a slope is taken over: wide enough for one step from cache to memory not to make the slope. */
const doublings = 5

/** Measures doublings of n until a pass takes long, or a plan holds much. */
export function measureGrowth(operator: OperatorSpec, params: Params): MeasuredGrowth {
  const points: SizePoint[] = []
  for (let n = shortest; n <= longest; n *= 2) {
    const point = measureAt(operator, params, n)
    points.push(point)
    const enough = Math.max(point.forward, point.backward) > enoughMs || point.memory > enoughBytes
    if (points.length > 2 && enough) break
  }
  const [low, high] = [points[Math.max(0, points.length - 1 - doublings)], points[points.length - 1]]
  return {
    forward: slope(low, high, (point) => point.forward),
    backward: slope(low, high, (point) => point.backward),
    memory: slope(low, high, (point) => Math.max(1, point.memory)),
    from: low.n,
    to: high.n,
  }
}

/** The exponent that a declared growth has between two lengths. */
export function declaredExponent(growth: Growth, from: number, to: number): number {
  const size: Readonly<Record<Growth, (n: number) => number>> = {
    n: (n) => n,
    'n log n': (n) => n * Math.log2(n),
    'n log^2 n': (n) => n * Math.log2(n) ** 2,
    'n^2': (n) => n ** 2,
    'n^2 log^2 n': (n) => n ** 2 * Math.log2(n) ** 2,
    'n^3': (n) => n ** 3,
  }
  return Math.log(size[growth](to) / size[growth](from)) / Math.log(to / from)
}
