/**
 * L-BFGS: a smooth function of many numbers, minimised with the curvature that its last steps have shown. Nocedal, Updating
 * Quasi-Newton Matrices with Limited Storage, Mathematics of Computation 1980. Steps satisfy the weak Wolfe conditions, found by
 * bisection, which also works where a function has kinks: Lewis, Overton, Nonsmooth Optimization via Quasi-Newton Methods,
 * Mathematical Programming 2013.
 */

/** The value at `x`; writes the gradient. */
type Objective = (x: Float64Array, gradient: Float64Array) => number

interface LbfgsOptions {
  /** Most iterations. */
  readonly iterations: number
  /** Ends when an iteration lowers the value by less than this share of it. */
  readonly tolerance: number
}

interface Minimum {
  readonly value: number
  readonly iterations: number
  /** Calls of the function. */
  readonly evaluations: number
}

/** Steps whose curvature is kept. */
const memory = 10
/** Share of the promised decrease that a step must keep, and of the slope that it must leave behind. */
const [sufficient, flatter] = [1e-4, 0.9]
const mostTries = 30

/** A step and the change of the gradient along it. */
interface Pair {
  readonly s: Float64Array
  readonly y: Float64Array
  readonly sy: number
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function addScaled(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * from[i]
}

/** Writes -H g: the two loops. */
function descent(pairs: readonly Pair[], gradient: Float64Array, direction: Float64Array): void {
  for (let i = 0; i < gradient.length; i++) direction[i] = -gradient[i]
  const alphas = pairs.map(() => 0)
  for (let k = pairs.length - 1; k >= 0; k--) {
    alphas[k] = dot(pairs[k].s, direction) / pairs[k].sy
    addScaled(direction, -alphas[k], pairs[k].y)
  }
  const last = pairs.at(-1)
  const scale = last ? last.sy / dot(last.y, last.y) : 1 / Math.max(1, Math.sqrt(dot(gradient, gradient)))
  for (let i = 0; i < direction.length; i++) direction[i] *= scale
  pairs.forEach(({ s, y, sy }, k) => {
    addScaled(direction, alphas[k] - dot(y, direction) / sy, s)
  })
}

/** A point of the search, in arrays that are used again. */
interface Point {
  readonly x: Float64Array
  readonly gradient: Float64Array
  value: number
}

/** Moves `to` along the direction from `from`, to a weak Wolfe point or the last that was lower. @returns calls, 0 when none was lower */
function search(objective: Objective, from: Point, direction: Float64Array, to: Point): number {
  const slope = dot(from.gradient, direction)
  if (!(slope < 0)) return 0
  let [low, high, step] = [0, Number.POSITIVE_INFINITY, 1]
  for (let tries = 1; tries <= mostTries; tries++) {
    to.x.set(from.x)
    addScaled(to.x, step, direction)
    to.value = objective(to.x, to.gradient)
    if (!(to.value <= from.value + sufficient * step * slope)) high = step
    else if (dot(to.gradient, direction) < flatter * slope) low = step
    else return tries
    step = high === Number.POSITIVE_INFINITY ? 2 * low : (low + high) / 2
  }
  return to.value < from.value ? mostTries : 0
}

/** A pair tells the curvature only where that is positive. */
function remember(pairs: Pair[], from: Point, to: Point): void {
  const s = to.x.map((value, i) => value - from.x[i])
  const y = to.gradient.map((value, i) => value - from.gradient[i])
  const sy = dot(s, y)
  if (sy <= 1e-12 * dot(y, y)) return
  pairs.push({ s, y, sy })
  if (pairs.length > memory) pairs.shift()
}

/** Minimises from `x` on, in place. */
export function lbfgs(objective: Objective, x: Float64Array, { iterations, tolerance }: LbfgsOptions): Minimum {
  const point = (): Point => ({ x: x.slice(), gradient: new Float64Array(x.length), value: 0 })
  let [here, next] = [point(), point()]
  const direction = new Float64Array(x.length)
  const pairs: Pair[] = []
  here.value = objective(here.x, here.gradient)
  let [evaluations, taken] = [1, 0]
  while (taken < iterations) {
    descent(pairs, here.gradient, direction)
    const calls = search(objective, here, direction, next)
    if (calls === 0) break
    evaluations += calls
    taken++
    remember(pairs, here, next)
    const fallen = here.value - next.value
    ;[here, next] = [next, here]
    if (fallen <= tolerance * Math.abs(here.value)) break
  }
  x.set(here.x)
  return { value: here.value, iterations: taken, evaluations }
}
