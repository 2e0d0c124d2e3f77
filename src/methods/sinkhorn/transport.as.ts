/**
 * Entropic transport with a dense plan (Cuturi, Teboul, Vert, NeurIPS 2019): squared distances, and what sinkhorn.ts leaves, squashed
 * values and the matrix. In terms of one dual v, rows r and columns c in the order of their places, masses p and q,
 *
 *   Q_rc = softmax over c of (v_c + Z_rc),   m_c = sum over r of p_r Q_rc,   v such that m = q
 *
 * with Z relative to the dual of epsilon 0: along a row it is a sum of terms of one sign, one for every column boundary on the way
 * from the column that the row is matched with, so that large places take no digits. v starts at 0.
 *
 * exp(Z + v) is computed once and v moves as a factor a column (absorbed when it has moved far; Schmitzer 2019), so that an
 * iteration v_c += log q_c - log m_c is two passes of multiplications. Newton's method takes the last part of the way: its matrix,
 * diag(m) - Q^T diag(p) Q, is a graph Laplacian, eliminated without a subtraction (Grassmann, Taksar, Heyman 1985). The gradient
 * is that of the solution, by the implicit function theorem, through the same matrix.
 *
 * In rank items are rows, in sort and matrix positions are. State: v, by column. Facts: sum of |m_c - q_c|.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp, exp64x2 } from '../../engine/library/exp.as'
import { at, bytesOf, num, Operator, ptr, put, putNum } from '../../engine/library/task.as'
import { readMasses, SinkhornTask } from './masses.as'

export const enum Cost {
  square,
  absolute,
}

@unmanaged
export class TransportTask extends SinkhornTask {
  cost: Cost
  /** Not 0: values are standardised and squashed by the logistic function first. */
  squashes: i32
}

/** Masses this small are what rounding leaves of others. */
const rounding: f64 = 1e-12
/** A node that hangs on the rest by less than this, in masses of its own, is cut loose. */
const loose: f64 = 1e-15
const newtonSteps: i32 = 20
const halvings: i32 = 4
/** v is absorbed when it has moved so far: products stay numbers. */
const farthest: f64 = 100

const lines: i32 = 24

/** Room for lanes that hang over: of four numbers where columns are taken in eights. */
@inline
function strideOf(n: i32): i32 {
  return (n + 9) & ~1
}

export function transportScratch(_task: TransportTask, n: i32): usize {
  const line = usize(strideOf(n)) << 3
  return bytesOf<TransportPlan>() + usize(lines + 3 * (n + 2)) * line + argsortScratch(n)
}

/** The transport plan of a row. Lines are f64 over items, rows or columns, matrices rows by columns. */
@unmanaged
class TransportPlan {
  n: i32
  stride: i32
  epsilon: f64
  absolute: bool
  squashes: bool
  itemsAreRows: bool
  /** Place and mass of the items, in the order of their values; squashed values, standardised. */
  place: usize
  itemMass: usize
  standard: usize
  deviation: f64
  target: usize
  uniform: usize
  /** Place and mass of rows and columns. */
  rowPlace: usize
  columnPlace: usize
  rowMass: usize
  columnMass: usize
  /** Boundaries between columns of the matching: the columns, and twice the middle of the rows that meet there. */
  boundaries: i32
  before: usize
  after: usize
  middle: usize
  middleHigh: usize
  /** Each row's column in the matching, and the boundaries left of it. */
  own: usize
  passed: usize
  logits: usize
  kernel: usize
  coupling: usize
  dual: usize
  absorbed: usize
  factor: usize
  /** p_r / sum of a row of kernel times factor, and the row's shift: largest logit plus dual when it was absorbed. */
  rowFactor: usize
  rowShift: usize
  found: usize
  step: usize
  held: usize
  pivots: usize
  /** What columns are worth in the mean that sort and rank answer, above `base`: no offset takes digits. */
  worth: usize
  base: f64
  pulled: usize
  buffer: usize
  residual: f64
  factored: bool
}

@inline
function rowOf(plan: TransportPlan, matrix: usize, r: i32): usize {
  return ptr<f64>(matrix, r * plan.stride)
}

@inline
function dot(n: i32, a: usize, b: usize): f64 {
  let even = f64x2.splat(0)
  let odd = f64x2.splat(0)
  for (let c = 0; c < n; c += 4) {
    even = f64x2.add(even, f64x2.mul(v128.load(ptr<f64>(a, c)), v128.load(ptr<f64>(b, c))))
    odd = f64x2.add(odd, f64x2.mul(v128.load(ptr<f64>(a, c), 16), v128.load(ptr<f64>(b, c), 16)))
  }
  const sum = f64x2.add(even, odd)
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
}

/** to_c += scale from_c for c from `start`. */
@inline
function add(n: i32, to: usize, from: usize, scale: f64, start: i32): void {
  const s = f64x2.splat(scale)
  for (let c = start; c < n; c += 2) {
    const there = ptr<f64>(to, c)
    v128.store(there, f64x2.add(v128.load(there), f64x2.mul(s, v128.load(ptr<f64>(from, c)))))
  }
}

@inline
function clear(plan: TransportPlan, line: usize): void {
  memory.fill(line, 0, usize(plan.stride) << 3)
}

/** Masses matched in order, which is the transport of epsilon 0 for any convex cost. */
function match(plan: TransportPlan): void {
  const n = plan.n
  plan.boundaries = 0
  let r = 0
  let c = 0
  let used: f64 = 0
  let filled: f64 = 0
  let lastColumn = -1
  let lastRow = 0
  while (r < n && c < n) {
    const rest = at<f64>(plan.rowMass, r) - used
    const room = at<f64>(plan.columnMass, c) - filled
    const mass = max<f64>(0, min(rest, room))
    // A column without mass is no part of the line.
    if (at<f64>(plan.columnMass, c) > 0) {
      if (lastColumn >= 0 && c != lastColumn) {
        put<i32>(plan.before, plan.boundaries, lastColumn)
        put<i32>(plan.after, plan.boundaries, c)
        put<f64>(plan.middle, plan.boundaries, at<f64>(plan.rowPlace, lastRow))
        put<f64>(plan.middleHigh, plan.boundaries, at<f64>(plan.rowPlace, r))
        plan.boundaries++
      }
      lastColumn = c
      lastRow = r
    }
    put<i32>(plan.own, r, max(0, lastColumn))
    put<i32>(plan.passed, r, plan.boundaries)
    const rowDone = (rest <= room + rounding && r < n - 1) || c == n - 1
    const columnDone = (room <= rest + rounding && c < n - 1) || r == n - 1
    used = rowDone ? 0 : used + mass
    filled = columnDone ? 0 : filled + mass
    if (rowDone) r++
    if (columnDone) c++
  }
  // Rows before the first column that has mass are matched with it.
  for (r = 0; r < n && at<f64>(plan.columnMass, at<i32>(plan.own, r)) == 0; r++) {
    put<i32>(plan.own, r, plan.boundaries > 0 ? at<i32>(plan.before, 0) : lastColumn)
  }
}

/** How much better a row at x likes what is behind boundary b than what is before it. */
@inline
function preference(plan: TransportPlan, x: f64, b: i32): f64 {
  const left = at<f64>(plan.columnPlace, at<i32>(plan.before, b))
  const right = at<f64>(plan.columnPlace, at<i32>(plan.after, b))
  const low = at<f64>(plan.middle, b)
  const high = at<f64>(plan.middleHigh, b)
  if (!plan.absolute) return ((x - low + (x - high)) * (right - left)) / plan.epsilon
  const here = max(left, min(right, x))
  return (here - max(left, min(right, low)) + (here - max(left, min(right, high)))) / plan.epsilon
}

function writeLogits(plan: TransportPlan): void {
  const stride = plan.stride
  const n = plan.n
  for (let r = 0; r < n; r++) {
    const Z = rowOf(plan, plan.logits, r)
    const x = at<f64>(plan.rowPlace, r)
    for (let c = 0; c < stride; c++) put<f64>(Z, c, -Infinity)
    put<f64>(Z, at<i32>(plan.own, r), 0)
    let z: f64 = 0
    for (let b = at<i32>(plan.passed, r); b < plan.boundaries; b++) {
      z += preference(plan, x, b)
      put<f64>(Z, at<i32>(plan.after, b), z)
    }
    z = 0
    for (let b = at<i32>(plan.passed, r) - 1; b >= 0; b--) {
      z -= preference(plan, x, b)
      put<f64>(Z, at<i32>(plan.before, b), z)
    }
  }
}

/** exp(Z + v), rows over their largest. */
function absorb(plan: TransportPlan): void {
  const stride = plan.stride
  const n = plan.n
  memory.copy(plan.absorbed, plan.dual, usize(stride) << 3)
  for (let r = 0; r < n; r++) {
    const z = rowOf(plan, plan.logits, r)
    const k = rowOf(plan, plan.kernel, r)
    let top = f64x2.splat(-Infinity)
    for (let c = 0; c < n; c += 2) {
      const both = f64x2.add(v128.load(ptr<f64>(z, c)), v128.load(ptr<f64>(plan.dual, c)))
      v128.store(ptr<f64>(k, c), both)
      top = f64x2.pmax(top, both)
    }
    const largest = max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1))
    put<f64>(plan.rowShift, r, largest)
    for (let c = 0; c < n; c += 2) {
      const e = exp64x2(f64x2.sub(v128.load(ptr<f64>(k, c)), f64x2.splat(largest)))
      v128.store(ptr<f64>(k, c), e)
    }
    for (let c = n; c < stride; c++) put<f64>(k, c, 0)
  }
}

/** m and the residual at v. */
function evaluate(plan: TransportPlan): void {
  const n = plan.n
  const dual = plan.dual
  const absorbed = plan.absorbed
  const factor = plan.factor
  const found = plan.found
  const columnMass = plan.columnMass
  plan.factored = false
  let far: f64 = 0
  for (let c = 0; c < n; c++) far = max(far, Math.abs(at<f64>(dual, c) - at<f64>(absorbed, c)))
  if (!(far <= farthest)) absorb(plan)
  for (let c = 0; c < n; c++) {
    const e = at<f64>(columnMass, c) > 0 ? exp(at<f64>(dual, c) - at<f64>(absorbed, c)) : 0
    put<f64>(factor, c, e)
  }
  clear(plan, found)
  for (let r = 0; r < n; r++) {
    const k = rowOf(plan, plan.kernel, r)
    const share = at<f64>(plan.rowMass, r) / dot(n, k, factor)
    put<f64>(plan.rowFactor, r, share)
    add(n, found, k, share, 0)
  }
  let residual: f64 = 0
  for (let c = 0; c < n; c++) {
    const m = at<f64>(found, c) * at<f64>(factor, c)
    put<f64>(found, c, m)
    residual += Math.abs(m - at<f64>(columnMass, c))
  }
  plan.residual = residual
}

/** Log of m_c / e^v_c, for a column whose mass underflows. */
function logColumn(plan: TransportPlan, c: i32): f64 {
  const n = plan.n
  let top: f64 = -Infinity
  let sum: f64 = 0
  for (let pass = 0; pass < 2; pass++) {
    for (let r = 0; r < n; r++) {
      const z =
        Math.log(at<f64>(plan.rowFactor, r)) - at<f64>(plan.rowShift, r) + at<f64>(rowOf(plan, plan.logits, r), c)
      if (pass == 0) top = max(top, z)
      else sum += exp(z - top)
    }
  }
  return top + Math.log(sum)
}

function iterate(plan: TransportPlan): void {
  const n = plan.n
  for (let c = 0; c < n; c++) {
    const q = at<f64>(plan.columnMass, c)
    if (q == 0) continue
    const m = at<f64>(plan.found, c)
    if (m > 1e-280) put<f64>(plan.dual, c, at<f64>(plan.dual, c) + Math.log(q / m))
    else put<f64>(plan.dual, c, Math.log(q) - logColumn(plan, c))
  }
  evaluate(plan)
}

/** Columns c and c + 1 of the coupling with d to d + 7. */
@inline
function couple(plan: TransportPlan, c: i32, d: i32): void {
  const n = plan.n
  const stride = plan.stride
  const kernel = plan.kernel
  const pulled = plan.pulled
  let a0 = f64x2.splat(0)
  let a1 = f64x2.splat(0)
  let a2 = f64x2.splat(0)
  let a3 = f64x2.splat(0)
  let b0 = f64x2.splat(0)
  let b1 = f64x2.splat(0)
  let b2 = f64x2.splat(0)
  let b3 = f64x2.splat(0)
  for (let r = 0; r < n; r++) {
    const k = ptr<f64>(kernel, r * stride)
    const weight = at<f64>(pulled, r)
    const a = f64x2.splat(weight * at<f64>(k, c))
    const b = f64x2.splat(weight * at<f64>(k, c + 1))
    const other = ptr<f64>(k, d)
    const k0 = v128.load(other)
    const k1 = v128.load(other, 16)
    const k2 = v128.load(other, 32)
    const k3 = v128.load(other, 48)
    a0 = f64x2.add(a0, f64x2.mul(a, k0))
    a1 = f64x2.add(a1, f64x2.mul(a, k1))
    a2 = f64x2.add(a2, f64x2.mul(a, k2))
    a3 = f64x2.add(a3, f64x2.mul(a, k3))
    b0 = f64x2.add(b0, f64x2.mul(b, k0))
    b1 = f64x2.add(b1, f64x2.mul(b, k1))
    b2 = f64x2.add(b2, f64x2.mul(b, k2))
    b3 = f64x2.add(b3, f64x2.mul(b, k3))
  }
  const first = ptr<f64>(rowOf(plan, plan.coupling, c), d)
  v128.store(first, a0)
  v128.store(first, a1, 16)
  v128.store(first, a2, 32)
  v128.store(first, a3, 48)
  const second = ptr<f64>(rowOf(plan, plan.coupling, c + 1), d)
  v128.store(second, b0)
  v128.store(second, b1, 16)
  v128.store(second, b2, 32)
  v128.store(second, b3, 48)
}

/** The coupling of columns, S_cd = sum over r of p_r Q_rc Q_rd, eliminated: row c becomes S_cd / pivot_c for d > c. */
function factorise(plan: TransportPlan): void {
  const stride = plan.stride
  const n = plan.n
  if (plan.factored) return
  plan.factored = true
  for (let r = 0; r < n; r++) {
    const share = at<f64>(plan.rowFactor, r)
    put<f64>(plan.pulled, r, at<f64>(plan.rowMass, r) > 0 ? (share * share) / at<f64>(plan.rowMass, r) : 0)
  }
  for (let c = 0; c < n; c += 2) for (let d = c; d < n; d += 8) couple(plan, c, d)
  for (let c = 0; c < n; c++) {
    const line = rowOf(plan, plan.coupling, c)
    const scale = f64x2.splat(at<f64>(plan.factor, c))
    for (let d = c & ~1; d < n; d += 2) {
      const there = ptr<f64>(line, d)
      v128.store(there, f64x2.mul(f64x2.mul(v128.load(there), scale), v128.load(ptr<f64>(plan.factor, d))))
    }
    for (let d = n; d < stride; d++) put<f64>(line, d, 0)
  }
  const coupling = plan.coupling
  for (let k = 0; k < n; k++) {
    const line = ptr<f64>(coupling, k * stride)
    let sum: f64 = 0
    for (let d = k + 1; d < n; d++) sum += at<f64>(line, d)
    const pivot = sum > loose * at<f64>(plan.found, k) ? sum : 0
    put<f64>(plan.pivots, k, pivot)
    const inverse = pivot == 0 ? 0 : 1 / pivot
    for (let c = k + 1; c < n; c++) {
      const share = at<f64>(line, c) * inverse
      if (share != 0) add(n, ptr<f64>(coupling, c * stride), line, share, c + 1)
      put<f64>(line, c, share)
    }
  }
}

/** Overwrites b, of sum 0, with a solution; constants on separate parts of the graph are free. */
function solve(plan: TransportPlan, b: usize): void {
  const n = plan.n
  for (let k = 0; k < n; k++) add(n, b, rowOf(plan, plan.coupling, k), at<f64>(b, k), k + 1)
  for (let k = n - 1; k >= 0; k--) {
    const line = rowOf(plan, plan.coupling, k)
    const pivot = at<f64>(plan.pivots, k)
    let v = pivot == 0 ? 0 : at<f64>(b, k) / pivot
    let sum = f64x2.splat(0)
    let d = k + 1
    for (; d + 1 < n; d += 2) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(line, d)), v128.load(ptr<f64>(b, d))))
    }
    v += f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)
    if (d < n) v += at<f64>(line, d) * at<f64>(b, d)
    put<f64>(b, k, v)
  }
}

/** One Newton step on the dual, shortened until the residual falls; false when it does not. */
function newton(plan: TransportPlan): bool {
  const n = plan.n
  factorise(plan)
  clear(plan, plan.step)
  for (let c = 0; c < n; c++) put<f64>(plan.step, c, at<f64>(plan.columnMass, c) - at<f64>(plan.found, c))
  solve(plan, plan.step)
  memory.copy(plan.held, plan.dual, usize(plan.stride) << 3)
  const last = plan.residual
  let size: f64 = 1
  for (let halving = 0; halving <= halvings; halving++, size *= 0.5) {
    for (let c = 0; c < n; c++) put<f64>(plan.dual, c, at<f64>(plan.held, c) + size * at<f64>(plan.step, c))
    evaluate(plan)
    if (plan.residual < last) return true
  }
  memory.copy(plan.dual, plan.held, usize(plan.stride) << 3)
  evaluate(plan)
  return false
}

/** Newton steps down to rounding, as long as each at least halves the residual. */
function polish(plan: TransportPlan): void {
  const enough = f64(plan.n) * 2.220446049250313e-16
  for (let t = 0; t < newtonSteps && plan.residual > enough; t++) {
    const last = plan.residual
    if (!newton(plan) || plan.residual > last / 2) return
  }
}

/**
 * Standardised values through the logistic function; without deviation all are 1/2. In the order of the items, as a value at its
 * target is a kink that any other rounding might fall off from. `masses`: of the items, in their order.
 */
function squash<T>(plan: TransportPlan, x: usize, order: usize, masses: usize): void {
  const n = plan.n
  const first = num<T>(x, 0)
  let mean: f64 = 0
  for (let i = 0; i < n; i++) mean += at<f64>(masses, i) * (num<T>(x, i) - first)
  let variance: f64 = 0
  for (let i = 0; i < n; i++) variance += at<f64>(masses, i) * (num<T>(x, i) - first - mean) ** 2
  plan.deviation = Math.sqrt(variance)
  for (let i = 0; i < n; i++) {
    const z = plan.deviation > 0 ? (num<T>(x, i32(at<u32>(order, i))) - first - mean) / plan.deviation : 0
    const e = exp(-Math.abs(z))
    put<f64>(plan.standard, i, z)
    put<f64>(plan.place, i, z >= 0 ? 1 / (1 + e) : e / (1 + e))
  }
}

/** The gradient in squashed values, in `gradient`, becomes that in values. */
function pullSquash(plan: TransportPlan, gradient: usize): void {
  const n = plan.n
  let sum: f64 = 0
  let moment: f64 = 0
  for (let i = 0; i < n; i++) {
    const s = at<f64>(plan.place, i)
    const g = plan.deviation > 0 ? (at<f64>(gradient, i) * s * (1 - s)) / plan.deviation : 0
    put<f64>(gradient, i, g)
    sum += g
    moment += g * at<f64>(plan.standard, i)
  }
  for (let i = 0; i < n; i++) {
    const g = at<f64>(gradient, i) - at<f64>(plan.itemMass, i) * (sum + at<f64>(plan.standard, i) * moment)
    put<f64>(gradient, i, g)
  }
}

/** The position that stands at place j of the line, from 0. */
@inline
function positionAt(plan: TransportPlan, task: TransportTask, j: i32): i32 {
  return task.sign > 0 ? j : plan.n - 1 - j
}

/** Sorts items, lays out lines and matrices and writes Z. */
function open<T>(
  plan: TransportPlan,
  task: TransportTask,
  x: usize,
  weights: usize,
  order: usize,
  scratch: usize,
  sorting: bool,
): void {
  const n = plan.n
  plan.stride = strideOf(n)
  plan.epsilon = task.epsilon
  plan.absolute = task.cost == Cost.absolute
  plan.squashes = task.squashes != 0
  plan.itemsAreRows = task.operator == Operator.rank
  const line = usize(plan.stride) << 3
  const start = scratch + bytesOf<TransportPlan>()
  let free = start
  plan.place = free
  plan.itemMass = free += line
  plan.standard = free += line
  plan.target = free += line
  plan.uniform = free += line
  plan.before = free += line
  plan.after = free += line
  plan.middle = free += line
  plan.middleHigh = free += line
  plan.own = free += line
  plan.passed = free += line
  plan.dual = free += line
  plan.absorbed = free += line
  plan.factor = free += line
  plan.rowFactor = free += line
  plan.rowShift = free += line
  plan.found = free += line
  plan.step = free += line
  plan.held = free += line
  plan.pivots = free += line
  plan.worth = free += line
  plan.pulled = free += line
  plan.buffer = free += line
  free += line
  memory.fill(start, 0, usize(lines) * line)
  plan.logits = start + usize(lines) * line
  plan.kernel = plan.logits + usize(n + 2) * line
  plan.coupling = plan.kernel + usize(n + 2) * line
  if (sorting) argsort<T>(x, n, false, order, plan.coupling + usize(n + 2) * line)
  readMasses<T>(weights, n, plan.buffer)
  for (let i = 0; i < n; i++) {
    const item = i32(at<u32>(order, i))
    put<f64>(plan.place, i, num<T>(x, item))
    put<f64>(plan.itemMass, i, at<f64>(plan.buffer, item))
    put<f64>(plan.target, i, n > 1 ? f64(i) / f64(n - 1) : 0)
    put<f64>(plan.uniform, i, 1 / f64(n))
    put<f64>(plan.worth, i, plan.itemsAreRows ? f64(positionAt(plan, task, i) + 1) : num<T>(x, item))
  }
  plan.base = plan.itemsAreRows ? 0 : at<f64>(plan.worth, n / 2)
  for (let i = 0; i < n; i++) put<f64>(plan.worth, i, at<f64>(plan.worth, i) - plan.base)
  if (plan.squashes) squash<T>(plan, x, order, plan.buffer)
  plan.rowPlace = plan.itemsAreRows ? plan.place : plan.target
  plan.columnPlace = plan.itemsAreRows ? plan.target : plan.place
  plan.rowMass = plan.itemsAreRows ? plan.itemMass : plan.uniform
  plan.columnMass = plan.itemsAreRows ? plan.uniform : plan.itemMass
  match(plan)
  writeLogits(plan)
}

/** The index by which the outside knows row r, or column c. */
@inline
function rowIndex(plan: TransportPlan, task: TransportTask, order: usize, r: i32): i32 {
  return plan.itemsAreRows ? i32(at<u32>(order, r)) : positionAt(plan, task, r)
}

@inline
function columnIndex(plan: TransportPlan, task: TransportTask, order: usize, c: i32): i32 {
  return plan.itemsAreRows ? positionAt(plan, task, c) : i32(at<u32>(order, c))
}

/** Row r of Q, into `line`. */
@inline
function writeRow(plan: TransportPlan, r: i32, line: usize): void {
  const n = plan.n
  const k = rowOf(plan, plan.kernel, r)
  const scale = f64x2.splat(1 / dot(n, k, plan.factor))
  for (let c = 0; c < n; c += 2) {
    const q = f64x2.mul(f64x2.mul(v128.load(ptr<f64>(k, c)), v128.load(ptr<f64>(plan.factor, c))), scale)
    v128.store(ptr<f64>(line, c), q)
  }
}

export function transport<T>(
  task: TransportTask,
  row: i32,
  n: i32,
  x: usize,
  entries: usize,
  weights: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const plan = changetype<TransportPlan>(scratch)

  plan.n = n
  put<f64>(task.facts, row, 0)
  if (plan.n == 0) return
  open<T>(plan, task, x, weights, order, scratch, true)
  absorb(plan)
  evaluate(plan)
  const patience = 16 + plan.n / 4
  for (let t = 0, pause = 0; t < task.iterations && plan.residual > task.tolerance; t++) {
    iterate(plan)
    if (++pause < patience) continue
    polish(plan)
    pause = 0
  }
  polish(plan)
  put<f64>(task.facts, row, plan.residual)
  memory.copy(state, plan.dual, usize(plan.n) << 3)
  for (let r = 0; r < plan.n; r++) {
    writeRow(plan, r, plan.buffer)
    const index = rowIndex(plan, task, order, r)
    if (task.operator == Operator.matrix) {
      for (let c = 0; c < plan.n; c++)
        putNum<T>(entries, index * plan.n + columnIndex(plan, task, order, c), at<f64>(plan.buffer, c))
    } else putNum<T>(entries, index, plan.base + dot(n, plan.buffer, plan.worth))
  }
}

/** The gradient in the logits of row r at constant v, into `line`; q is its row of Q. */
@inline
function pullLogits<T>(
  plan: TransportPlan,
  task: TransportTask,
  order: usize,
  yBar: usize,
  r: i32,
  q: usize,
  line: usize,
): void {
  const n = plan.n
  const index = rowIndex(plan, task, order, r)
  if (task.operator == Operator.matrix) {
    for (let c = 0; c < n; c++) put<f64>(line, c, num<T>(yBar, index * n + columnIndex(plan, task, order, c)))
    const mean = f64x2.splat(dot(n, q, line))
    for (let c = 0; c < n; c += 2) {
      const there = ptr<f64>(line, c)
      v128.store(there, f64x2.mul(v128.load(ptr<f64>(q, c)), f64x2.sub(v128.load(there), mean)))
    }
    return
  }
  const u = f64x2.splat(num<T>(yBar, index))
  const mean = f64x2.splat(dot(n, q, plan.worth))
  for (let c = 0; c < n; c += 2) {
    const apart = f64x2.sub(v128.load(ptr<f64>(plan.worth, c)), mean)
    v128.store(ptr<f64>(line, c), f64x2.mul(v128.load(ptr<f64>(q, c)), f64x2.mul(u, apart)))
  }
}

/** d Z / d x of an item at x and a position at y, but for terms of the item alone. */
@inline
function slope(plan: TransportPlan, x: f64, y: f64): f64 {
  if (!plan.absolute) return (2 * (y - 0.5)) / plan.epsilon
  return y > x ? 1 / plan.epsilon : y < x ? -1 / plan.epsilon : 0
}

export function pullTransport<T>(
  task: TransportTask,
  n: i32,
  x: usize,
  entriesBar: usize,
  xBar: usize,
  weights: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const plan = changetype<TransportPlan>(scratch)

  plan.n = n
  if (plan.n == 0) return
  open<T>(plan, task, x, weights, order, scratch, false)
  memory.copy(plan.dual, state, usize(plan.n) << 3)
  absorb(plan)
  evaluate(plan)
  factorise(plan)
  // Z has no more use: rows of Q go to the first matrix, gradients to the second.
  for (let c = 0; c < plan.n; c++) put<f64>(plan.held, c, at<f64>(plan.factor, c))
  clear(plan, plan.step)
  for (let r = 0; r < plan.n; r++) {
    const Q = rowOf(plan, plan.logits, r)
    clear(plan, Q)
    writeRow(plan, r, Q)
    const g = rowOf(plan, plan.kernel, r)
    pullLogits<T>(plan, task, order, entriesBar, r, Q, g)
    for (let c = plan.n; c < plan.stride; c++) put<f64>(g, c, 0)
    add(n, plan.step, g, 1, 0)
  }
  solve(plan, plan.step)
  const gradient = plan.pulled
  const direct = plan.buffer
  clear(plan, gradient)
  clear(plan, direct)
  for (let r = 0; r < plan.n; r++) {
    const Q = rowOf(plan, plan.logits, r)
    const g = rowOf(plan, plan.kernel, r)
    const p = at<f64>(plan.rowMass, r)
    const mean = dot(n, Q, plan.step)
    const place = at<f64>(plan.rowPlace, r)
    let sum: f64 = 0
    for (let c = 0; c < plan.n; c++) {
      const total = at<f64>(g, c) - p * at<f64>(Q, c) * (at<f64>(plan.step, c) - mean)
      if (plan.itemsAreRows) sum += total * slope(plan, place, at<f64>(plan.target, c))
      else put<f64>(gradient, c, at<f64>(gradient, c) + total * slope(plan, at<f64>(plan.place, c), place))
    }
    if (plan.itemsAreRows) put<f64>(gradient, r, sum)
    else if (task.operator != Operator.matrix) add(n, direct, Q, num<T>(entriesBar, rowIndex(plan, task, order, r)), 0)
  }
  if (plan.squashes) pullSquash(plan, gradient)
  for (let i = 0; i < plan.n; i++) {
    putNum<T>(xBar, i32(at<u32>(order, i)), at<f64>(gradient, i) + at<f64>(direct, i))
  }
}
