/**
 * Derivatives of the gradient along a direction by differences, for operators without a formula. Rows are independent, so each has
 * a step of its own: one outlier, or one row of large values, takes no digits from the others.
 *
 * Central differences at steps h, h / 2, h / 4, ... are extrapolated twice (Richardson), error O(h^6). Large steps lose to
 * curvature and to kinks, small ones to rounding; the estimate is taken where three neighbours agree best, and must be borne
 * out by all smaller steps down to one that changes no order of the values. Its error is what they disagree by, rounding
 * included: nothing is assumed of the function.
 */

import type { Plan } from '../core/method.ts'
import { rowCount, type Shape } from '../core/shape.ts'
import { entriesOf } from '../methods/kit/loss-plan.ts'

export interface Estimate {
  readonly product: Float64Array
  /** How far off the entries of each row may be, at most. */
  readonly errors: Float64Array
}

const halvings = 44

export const largest = (numbers: ArrayLike<number>): number => {
  let size = 0
  for (let i = 0; i < numbers.length; i++) size = Math.max(size, Math.abs(numbers[i]))
  return size
}

/** Values less one of their row where that is exact: no digits are spent on an offset. */
export function centred(x: Float64Array, shape: Shape): Float64Array {
  const out = Float64Array.from(x)
  for (let q = 0; q < rowCount(shape); q++) {
    const [row, to] = [entriesOf(x, shape, q), entriesOf(out, shape, q)]
    const base = row[0]
    const moved = row.map((value) => value - base)
    if (moved.every((value, i) => value + base === row[i] && row[i] - value === base)) to.set(moved)
  }
  return out
}

/** The spread of a row, or the size of its values where they are all equal. */
export function extentOf(row: Float64Array): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < row.length; i++) {
    low = Math.min(low, row[i])
    high = Math.max(high, row[i])
  }
  return high > low ? high - low : largest(row) || 1
}

/** The smallest distance of two values of a row that differ. */
function smallestGap(row: Float64Array): number {
  const sorted = Float64Array.from(row).sort()
  let gap = Number.POSITIVE_INFINITY
  for (let i = 1; i < sorted.length; i++) if (sorted[i] > sorted[i - 1]) gap = Math.min(gap, sorted[i] - sorted[i - 1])
  return gap
}

/** One row's differences: [k] belongs to step k. */
interface Ladder {
  readonly steps: number[]
  readonly central: Float64Array[]
  /** Differences of the slopes ahead and behind: 0 in the limit, but for a kink of the gradient's slope. */
  readonly kinks: Float64Array[]
  readonly noise: number[]
}

const minus = (a: Float64Array, b: Float64Array, factor: number): Float64Array =>
  a.map((value, i) => (factor * value - b[i]) / (factor - 1))

/** The largest distance of two entries. */
export const apart = (a: Float64Array, b: Float64Array): number => {
  let size = 0
  for (let i = 0; i < a.length; i++) size = Math.max(size, Math.abs(a[i] - b[i]))
  return size
}

/** Steps below which no two values of the row change places. */
const safeStep = (row: Float64Array, direction: Float64Array): number =>
  smallestGap(row) / 4 / Math.max(largest(direction), Number.MIN_VALUE)

interface Extrapolated {
  readonly once: readonly Float64Array[]
  readonly twice: readonly Float64Array[]
}

const extrapolate = (central: readonly Float64Array[]): Extrapolated => {
  const once = central.slice(1).map((value, k) => minus(value, central[k], 4))
  return { once, twice: once.slice(1).map((value, k) => minus(value, once[k], 16)) }
}

/** What the estimate at step k differs by from its neighbours, and from all smaller steps beyond what rounding lets them. */
function errorAt(k: number, { once, twice }: Extrapolated, { steps, noise }: Ladder, safe: number): number {
  let error = Math.max(apart(twice[k], once[k + 1]), apart(twice[k], twice[k + 1] ?? once[k + 1])) + noise[k + 2]
  for (let m = k + 1; m + 1 < once.length && steps[m] > safe / 4; m++) {
    const allowed = 8 * noise[m + 1] + 2 * apart(once[m], once[m + 1])
    error = Math.max(error, apart(twice[k], once[m]) - allowed)
  }
  return error
}

function best(ladder: Ladder, safe: number): { product: Float64Array; error: number } {
  const { central, kinks, noise } = ladder
  const all = extrapolate(central)
  let [at, error] = [0, Number.POSITIVE_INFINITY]
  for (let k = 0; k + 1 < all.twice.length; k++) {
    const found = errorAt(k, all, ladder, safe)
    if (found < error) [at, error] = [k, found]
  }
  let jump = Number.POSITIVE_INFINITY
  for (let m = at; m + 1 < kinks.length; m++) {
    jump = Math.min(jump, largest(minus(kinks[m + 1], kinks[m], 2)) + noise[m + 1])
  }
  return { product: all.twice[at], error: Math.max(error, Number.isFinite(jump) ? jump / 2 - 8 * noise[at + 2] : 0) }
}

/** The plan's cotangent, labels and weights are set; its values are written here. */
export function differenceProduct(plan: Plan, x: Float64Array, v: Float64Array, shape: Shape): Estimate {
  const rows = Array.from({ length: rowCount(shape) }, (_, q) => q)
  const gradientAt = (values: Float64Array): Float64Array => {
    plan.values.set(values)
    plan.forward()
    plan.backward()
    return Float64Array.from(plan.gradient)
  }
  const middle = gradientAt(x)
  const largestStep = rows.map((q) => {
    const reach = largest(entriesOf(v, shape, q))
    return reach === 0 ? 0 : extentOf(entriesOf(x, shape, q)) / reach
  })
  const ladders: Ladder[] = rows.map(() => ({ steps: [], central: [], kinks: [], noise: [] }))
  const [ahead, behind] = [new Float64Array(x.length), new Float64Array(x.length)]
  for (let k = 0; k < halvings; k++) {
    for (const q of rows) {
      const h = largestStep[q] / 2 ** k
      for (let i = shape.offsets[q]; i < shape.offsets[q + 1]; i++) {
        ahead[i] = x[i] + h * v[i]
        behind[i] = x[i] - h * v[i]
      }
    }
    const [front, back] = [gradientAt(ahead), gradientAt(behind)]
    for (const q of rows)
      climb(ladders[q], q, { x, v, ahead, behind, front, back, middle, shape }, largestStep[q] / 2 ** k)
  }
  const product = new Float64Array(x.length)
  const errors = new Float64Array(rows.length)
  for (const q of rows) {
    if (largestStep[q] === 0) continue
    const [row, direction] = [entriesOf(x, shape, q), entriesOf(v, shape, q)]
    const found = best(ladders[q], safeStep(row, direction))
    entriesOf(product, shape, q).set(found.product)
    errors[q] = found.error
  }
  return { product, errors }
}

interface Evaluations {
  readonly x: Float64Array
  readonly v: Float64Array
  readonly ahead: Float64Array
  readonly behind: Float64Array
  readonly front: Float64Array
  readonly back: Float64Array
  readonly middle: Float64Array
  readonly shape: Shape
}

/** Values are rounded: the step that was taken is the one that the values show, and what is left over counts as noise. */
function climb(ladder: Ladder, q: number, all: Evaluations, h: number): void {
  const { shape } = all
  const own = (whole: Float64Array) => entriesOf(whole, shape, q)
  const [v, ahead, behind] = [own(all.v), own(all.ahead), own(all.behind)]
  const [front, back, middle] = [own(all.front), own(all.back), own(all.middle)]
  let [along, size] = [0, 0]
  for (let i = 0; i < v.length; i++) {
    along += (ahead[i] - behind[i]) * v[i]
    size += v[i] * v[i]
  }
  const taken = size > 0 && along > 0 ? along / size / 2 : h
  let astray = 0
  for (let i = 0; i < v.length; i++) astray = Math.max(astray, Math.abs((ahead[i] - behind[i]) / 2 / taken - v[i]))
  const central = front.map((value, i) => (value - back[i]) / (2 * taken))
  ladder.steps.push(h)
  ladder.central.push(central)
  ladder.kinks.push(front.map((value, i) => (value - 2 * middle[i] + back[i]) / taken))
  const rounding = (2 ** -52 * Math.max(largest(front), largest(back))) / taken
  ladder.noise.push(rounding + (largest(v) > 0 ? (astray / largest(v)) * largest(central) : 0))
}
