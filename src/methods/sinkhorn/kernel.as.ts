/**
 * Entropic transport on the line with absolute distances, without its matrix (Cuturi, Teboul, Vert, NeurIPS 2019):
 * P_rc = exp(phi_r + psi_c - |x_r - y_c| / epsilon) between rows of masses p and columns of masses q.
 *
 * Rows and columns are nodes of one line, merged in order. The kernel factorises over what lies between two nodes, so a sum over
 * one kind of nodes is a sweep from the left and one from the right, carried as a logarithm. Means under P travel in the same
 * sweeps: passing a source node k, mean <- keep_k mean + add_k value_k with keep_k + add_k = 1, whatever the size of the
 * exponentials; and at a node of the other kind the mean under P is share_left left mean + share_right right mean.
 *
 * Potentials are kept relative to the dual of epsilon 0, a height h of slope -1, 0 or 1: psi = h / epsilon + pot, phi = -h / epsilon +
 * pot. Relative to it a sum falls by 0, 1 or 2 gaps on the way to the next node, so that far outliers take no digits.
 *
 * A half-iteration is two sweeps. The Newton step, and the gradient by the implicit function theorem, solve
 *
 *   w_c = share_left LX + share_right RX + s_c,   v_r = share_left LY + share_right RY      (L, R: the running means)
 *
 * a two-point boundary value problem on the line: eliminating from the left, the left means of both kinds are (LY, LX) = M (RY,
 * RX) + c with M stochastic, so that every pivot is a sum of terms >= 0 (Grassmann, Taksar, Heyman 1985); then back. All O(n).
 *
 * In sort positions are rows, in rank items are. State: psi. Facts: sum of |m_c - q_c|.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp } from '../../engine/library/exp.as'
import { at, bytesOf, num, Operator, put, putNum } from '../../engine/library/task.as'
import { readMasses, SinkhornTask } from './masses.as'

/** Sinkhorn iterations before the first Newton step, and between attempts. */
const patience: i32 = 6
const newtonSteps: i32 = 30
const halvings: i32 = 6
/** A node that hangs on the rest by less than this is cut loose: rounding is all that passes there. */
const loose: f64 = 1e-15

const arrays: i32 = 24

export function sinkhornScratch(_task: SinkhornTask, n: i32): usize {
  return bytesOf<Line>() + usize(arrays) * (usize(2 * n + 4) << 3) + argsortScratch(n)
}

/** The nodes of a row on their line; arrays are f64. */
@unmanaged
class Line {
  /** Items, and nodes. */
  n: i32
  N: i32
  epsilon: f64
  itemsAreRows: bool
  /** Where each node is, its mass, 1 for a row and 0 for a column, its number among its kind. */
  place: usize
  mass: usize
  isRow: usize
  number: usize
  /** Potential of a node, less the height. */
  pot: usize
  /** Slope of the height on the way to a node from the one before. */
  tilt: usize
  /** As a source: what the running mean keeps and takes, from either side. */
  keepL: usize
  addL: usize
  keepR: usize
  addR: usize
  /** As a target: log of the sum, and the shares of either side in it; `strict` leaves out what stands at the same place. */
  total: usize
  shareL: usize
  shareR: usize
  strictL: usize
  strictR: usize
  /** Elimination: delta = onY RY + onX RX + pinned + constant. */
  onY: usize
  onX: usize
  constant: usize
  delta: usize
  rhs: usize
  held: usize
  spare: usize
  order: usize
  free: usize
  residual: f64
}

@inline
function log1p(x: f64): f64 {
  return NativeMath.log1p(x)
}

/** One pass over the nodes from one end: sources of a kind add up, the others read. */
@inline
function sweep(line: Line, rowsAreSources: bool, fromLeft: bool): void {
  const N = line.N
  const kind: f64 = rowsAreSources ? 1 : 0
  const keep = fromLeft ? line.keepL : line.keepR
  const add = fromLeft ? line.addL : line.addR
  const share = fromLeft ? line.shareL : line.shareR
  const strict = fromLeft ? line.strictL : line.strictR
  let sum: f64 = -Infinity
  let before: f64 = -Infinity
  let last: f64 = NaN
  // Whether a rising height takes from what comes along or adds to it.
  const sense: f64 = rowsAreSources == fromLeft ? -1 : 1
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step
    const t = at<f64>(line.place, k)
    if (t != last) {
      const slope = step == 0 ? 0 : at<f64>(line.tilt, fromLeft ? k : k + 1)
      if (step > 0) sum -= (1 + sense * slope) * (Math.abs(t - last) / line.epsilon)
      before = sum
      last = t
    }
    if (at<f64>(line.isRow, k) != kind) {
      put<f64>(share, k, sum)
      put<f64>(strict, k, before)
      continue
    }
    const own = at<f64>(line.pot, k)
    if (own == -Infinity) {
      put<f64>(keep, k, 1)
      put<f64>(add, k, 0)
      continue
    }
    if (sum == -Infinity) {
      put<f64>(keep, k, 0)
      put<f64>(add, k, 1)
      sum = own
      continue
    }
    const e = exp(-Math.abs(sum - own))
    const larger = 1 / (1 + e)
    const smaller = e * larger
    const ahead = sum >= own
    put<f64>(keep, k, ahead ? larger : smaller)
    put<f64>(add, k, ahead ? smaller : larger)
    sum = (ahead ? sum : own) + log1p(e)
  }
}

/** Both sweeps, and from their logarithms sums and shares. */
function sumsAt(line: Line, rowsAreSources: bool): void {
  const N = line.N
  sweep(line, rowsAreSources, true)
  sweep(line, rowsAreSources, false)
  const kind: f64 = rowsAreSources ? 1 : 0
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) == kind) continue
    const l = at<f64>(line.shareL, k)
    const r = at<f64>(line.shareR, k)
    const top = max(l, r)
    const e = exp(min(l, r) - top)
    const larger = 1 / (1 + e)
    const sum = top + log1p(e)
    put<f64>(line.total, k, sum)
    put<f64>(line.shareL, k, l >= r ? larger : e * larger)
    put<f64>(line.shareR, k, l >= r ? e * larger : larger)
    put<f64>(line.strictL, k, exp(at<f64>(line.strictL, k) - sum))
    put<f64>(line.strictR, k, exp(at<f64>(line.strictR, k) - sum))
  }
}

/** Rows meet their masses exactly, columns get what comes: `mass met` in `held`. */
function evaluate(line: Line): void {
  const N = line.N
  sumsAt(line, false)
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) == 0) continue
    const p = at<f64>(line.mass, k)
    put<f64>(line.pot, k, p > 0 ? Math.log(p) - at<f64>(line.total, k) : -Infinity)
  }
  sumsAt(line, true)
  line.residual = 0
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != 0) continue
    const met = at<f64>(line.pot, k) == -Infinity ? 0 : exp(at<f64>(line.pot, k) + at<f64>(line.total, k))
    put<f64>(line.held, k, met)
    line.residual += Math.abs(met - at<f64>(line.mass, k))
  }
}

function iterate(line: Line): void {
  const N = line.N
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != 0) continue
    const q = at<f64>(line.mass, k)
    put<f64>(line.pot, k, q > 0 ? Math.log(q) - at<f64>(line.total, k) : -Infinity)
  }
  evaluate(line)
}

/** Is the node part of the plan at all? */
@inline
function counts(line: Line, k: i32): bool {
  return at<f64>(line.mass, k) > 0
}

/** delta from rhs (already divided by the mass of its node), at the sums of the last evaluation. */
function solve(line: Line): void {
  const N = line.N
  // (LY, LX) = ((m11, m12), (m21, m22)) (RY, RX) + pinned share e + constant c.
  let m11: f64 = 0
  let m12: f64 = 0
  let m21: f64 = 0
  let m22: f64 = 0
  let e1: f64 = 0
  let e2: f64 = 0
  let c1: f64 = 0
  let c2: f64 = 0
  for (let k = 0; k < N; k++) {
    const row = at<f64>(line.isRow, k) != 0
    if (!counts(line, k)) {
      put<f64>(line.onY, k, 0)
      put<f64>(line.onX, k, 0)
      put<f64>(line.constant, k, 0)
      continue
    }
    // A column looks at row means (X) and adds to column means (Y); a row the other way round. `u` is what it looks at.
    const uSelf = row ? m11 : m22
    const uOther = row ? m12 : m21
    const uPinned = row ? e1 : e2
    const uConstant = row ? c1 : c2
    const left = at<f64>(line.shareL, k)
    const right = at<f64>(line.shareR, k)
    const keep = at<f64>(line.keepR, k)
    const take = at<f64>(line.addR, k)
    const pivot = right + left * (uSelf + uPinned) + left * uOther * keep
    let toOwn: f64 = 0
    let toLooked: f64 = 0
    let pinned: f64 = 1
    let shift: f64 = 0
    if (pivot > loose) {
      toOwn = (left * uOther * keep) / pivot
      toLooked = (left * uSelf + right) / pivot
      pinned = (left * uPinned) / pivot
      shift = (left * uConstant + at<f64>(line.rhs, k)) / pivot
    }
    put<f64>(line.onY, k, row ? toLooked : toOwn)
    put<f64>(line.onX, k, row ? toOwn : toLooked)
    put<f64>(line.constant, k, shift)
    const keepOwn = keep + take * toOwn
    const takeLooked = take * toLooked
    const takePinned = take * pinned
    const takeShift = take * shift
    const kept = at<f64>(line.keepL, k)
    const taken = at<f64>(line.addL, k)
    if (row) {
      // The right mean of rows is what changes behind this node.
      c1 += m12 * takeShift
      e1 += m12 * takePinned
      m11 += m12 * takeLooked
      m12 *= keepOwn
      const d0 = c2 + m22 * takeShift
      const dE = e2 + m22 * takePinned
      const dY = m21 + m22 * takeLooked
      const dX = m22 * keepOwn
      m21 = kept * dY + taken * toLooked
      m22 = kept * dX + taken * toOwn
      e2 = kept * dE + taken * pinned
      c2 = kept * d0 + taken * shift
    } else {
      c2 += m21 * takeShift
      e2 += m21 * takePinned
      m22 += m21 * takeLooked
      m21 *= keepOwn
      const d0 = c1 + m11 * takeShift
      const dE = e1 + m11 * takePinned
      const dX = m12 + m11 * takeLooked
      const dY = m11 * keepOwn
      m11 = kept * dY + taken * toOwn
      m12 = kept * dX + taken * toLooked
      e1 = kept * dE + taken * pinned
      c1 = kept * d0 + taken * shift
    }
  }
  substitute(line)
}

/** Back from the last node: what each is by the means of those behind it, which the elimination left. */
@inline
function substitute(line: Line): void {
  let RY: f64 = 0
  let RX: f64 = 0
  for (let k = line.N - 1; k >= 0; k--) {
    const d = at<f64>(line.onY, k) * RY + at<f64>(line.onX, k) * RX + at<f64>(line.constant, k)
    put<f64>(line.delta, k, d)
    if (!counts(line, k)) continue
    if (at<f64>(line.isRow, k) != 0) RX = at<f64>(line.keepR, k) * RX + at<f64>(line.addR, k) * d
    else RY = at<f64>(line.keepR, k) * RY + at<f64>(line.addR, k) * d
  }
}

/** One Newton step on psi, shortened until the residual falls; false when it does not. */
function newton(line: Line): bool {
  const N = line.N
  for (let k = 0; k < N; k++) {
    const met = at<f64>(line.held, k)
    const off = at<f64>(line.isRow, k) != 0 || met == 0 ? 0 : (at<f64>(line.mass, k) - met) / met
    put<f64>(line.rhs, k, off)
  }
  solve(line)
  const before = line.residual
  for (let k = 0; k < N; k++) put<f64>(line.spare, k, at<f64>(line.pot, k))
  let size: f64 = 1
  for (let halving = 0; halving <= halvings; halving++, size *= 0.5) {
    for (let k = 0; k < N; k++) {
      if (at<f64>(line.isRow, k) == 0) put<f64>(line.pot, k, at<f64>(line.spare, k) + size * at<f64>(line.delta, k))
    }
    evaluate(line)
    if (line.residual < before) return true
  }
  for (let k = 0; k < N; k++) put<f64>(line.pot, k, at<f64>(line.spare, k))
  evaluate(line)
  return false
}

/** Newton steps down to rounding, as long as each at least halves the residual. */
function polish(line: Line): void {
  const rounding = f64(line.n) * 2.220446049250313e-16
  for (let step = 0; step < newtonSteps && line.residual > rounding; step++) {
    const before = line.residual
    if (!newton(line) || line.residual > 0.5 * before) return
  }
}

/** Array k of the scratch, f64. */
@inline
function slot(line: Line, scratch: usize, k: i32): usize {
  return scratch + bytesOf<Line>() + usize(k) * (usize(line.N + 4) << 3)
}

@inline
function targetOf(line: Line, j: i32): f64 {
  return line.n > 1 ? f64(j) / f64(line.n - 1) : 0
}

/** An item of mass 0 has a rank, and a gradient that goes through the dual: this mass is below every rounding of the others. */
const nothing: f64 = 1e-30

/** Merges items and positions; at the same place columns stand before rows. */
@inline
function openRow<T>(
  line: Line,
  task: SinkhornTask,
  x: usize,
  weights: usize,
  order: usize,
  scratch: usize,
  sorting: bool,
): void {
  line.epsilon = task.epsilon
  line.itemsAreRows = task.operator != Operator.sort
  line.N = 2 * line.n
  line.place = slot(line, scratch, 0)
  line.mass = slot(line, scratch, 1)
  line.isRow = slot(line, scratch, 2)
  line.number = slot(line, scratch, 3)
  line.pot = slot(line, scratch, 4)
  line.keepL = slot(line, scratch, 5)
  line.addL = slot(line, scratch, 6)
  line.keepR = slot(line, scratch, 7)
  line.addR = slot(line, scratch, 8)
  line.total = slot(line, scratch, 9)
  line.shareL = slot(line, scratch, 10)
  line.shareR = slot(line, scratch, 11)
  line.strictL = slot(line, scratch, 12)
  line.strictR = slot(line, scratch, 13)
  line.onY = slot(line, scratch, 14)
  line.onX = slot(line, scratch, 15)
  line.constant = slot(line, scratch, 16)
  line.delta = slot(line, scratch, 17)
  line.rhs = slot(line, scratch, 18)
  line.held = slot(line, scratch, 19)
  line.spare = slot(line, scratch, 20)
  line.free = slot(line, scratch, 21)
  line.tilt = slot(line, scratch, 23)
  line.order = order
  if (sorting) argsort<T>(x, line.n, false, line.order, slot(line, scratch, arrays))
  readMasses<T>(weights, line.n, line.free)
  const itemKind: f64 = line.itemsAreRows ? 1 : 0
  const least: f64 = line.itemsAreRows ? nothing : 0
  let i = 0
  let j = 0
  for (let k = 0; k < line.N; k++) {
    const value = i < line.n ? num<T>(x, i32(at<u32>(line.order, i))) : Infinity
    const target = j < line.n ? targetOf(line, j) : Infinity
    const item = i < line.n && (value < target || j == line.n || (value == target && !line.itemsAreRows))
    put<f64>(line.place, k, item ? value : target)
    put<f64>(line.isRow, k, item ? itemKind : 1 - itemKind)
    put<f64>(line.mass, k, item ? max(least, at<f64>(line.free, i32(at<u32>(line.order, i)))) : 1 / f64(line.n))
    put<f64>(line.number, k, f64(item ? i32(at<u32>(line.order, i)) : task.sign > 0 ? j : line.n - 1 - j))
    if (item) i++
    else j++
  }
  tiltLine(line)
}

/** The dual of epsilon 0: a height that rises where more rows than columns are on the left, and falls where fewer. */
@inline
function tiltLine(line: Line): void {
  const N = line.N
  let surplus: f64 = 0
  for (let k = 0; k < N; k++) {
    put<f64>(line.tilt, k, surplus > 1e-12 ? 1 : surplus < -1e-12 ? -1 : 0)
    surplus += at<f64>(line.isRow, k) != 0 ? at<f64>(line.mass, k) : -at<f64>(line.mass, k)
  }
}

/** Value of a node in the means: of an item its value, of a position its rank. */
@inline
function worth<T>(line: Line, _task: SinkhornTask, x: usize, k: i32): f64 {
  const j = i32(at<f64>(line.number, k))
  const isItem = (at<f64>(line.isRow, k) != 0) == line.itemsAreRows
  return isItem ? num<T>(x, j) : f64(j + 1)
}

/** Running means of `values` over one kind of nodes, read by the other: shares times means, strictly beside it or not. */
@inline
function meansAt(line: Line, rowsAreSources: bool, values: usize, fromLeft: bool, strictly: bool, out: usize): void {
  const N = line.N
  const kind: f64 = rowsAreSources ? 1 : 0
  const keep = fromLeft ? line.keepL : line.keepR
  const add = fromLeft ? line.addL : line.addR
  const share = strictly ? (fromLeft ? line.strictL : line.strictR) : fromLeft ? line.shareL : line.shareR
  let mean: f64 = 0
  let before: f64 = 0
  let last: f64 = NaN
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step
    if (at<f64>(line.place, k) != last) {
      before = mean
      last = at<f64>(line.place, k)
    }
    if (at<f64>(line.isRow, k) == kind) mean = at<f64>(keep, k) * mean + at<f64>(add, k) * at<f64>(values, k)
    else put<f64>(out, k, at<f64>(share, k) * (strictly ? before : mean))
  }
}

/** The mean under P of column values at every row (rows) or of row values at every column, into out. */
@inline
function meanAt(line: Line, rowsAreSources: bool, values: usize, out: usize, work: usize): void {
  const N = line.N
  meansAt(line, rowsAreSources, values, true, false, out)
  meansAt(line, rowsAreSources, values, false, false, work)
  const kind: f64 = rowsAreSources ? 1 : 0
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) + at<f64>(work, k))
  }
}

/** The value of the first target that will read: a sum that started anywhere else would take digits from all that follow. */
@inline
function firstReference(line: Line, values: usize, sources: f64, fromLeft: bool): f64 {
  const N = line.N
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step
    if (at<f64>(line.isRow, k) != sources) return at<f64>(values, k)
  }
  return 0
}

/**
 * Running means of W (reference - value), W and value of the sources, the reference of the target: differences travel with the
 * reference, so that large values which nearly cancel cost no digits. Shares times means, as above.
 */
@inline
function differencesAt(
  line: Line,
  rowsAreSources: bool,
  W: usize,
  values: usize,
  fromLeft: bool,
  strictly: bool,
  out: usize,
): void {
  const N = line.N
  const kind: f64 = rowsAreSources ? 1 : 0
  const keep = fromLeft ? line.keepL : line.keepR
  const add = fromLeft ? line.addL : line.addR
  const share = strictly ? (fromLeft ? line.strictL : line.strictR) : fromLeft ? line.shareL : line.shareR
  let weight: f64 = 0
  let mean: f64 = 0
  let reference = firstReference(line, values, kind, fromLeft)
  let weightBefore: f64 = 0
  let meanBefore: f64 = 0
  let last: f64 = NaN
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step
    if (at<f64>(line.place, k) != last) {
      weightBefore = weight
      meanBefore = mean
      last = at<f64>(line.place, k)
    }
    const value = at<f64>(values, k)
    if (at<f64>(line.isRow, k) == kind) {
      const w = W ? at<f64>(W, k) : 1
      weight = at<f64>(keep, k) * weight + at<f64>(add, k) * w
      mean = at<f64>(keep, k) * mean + at<f64>(add, k) * w * (reference - value)
      continue
    }
    mean += (value - reference) * weight
    meanBefore += (value - reference) * weightBefore
    reference = value
    put<f64>(out, k, at<f64>(share, k) * (strictly ? meanBefore : mean))
  }
}

/** The mean under P of W (reference - value). */
@inline
function differenceAt(line: Line, rowsAreSources: bool, W: usize, values: usize, out: usize, work: usize): void {
  const N = line.N
  differencesAt(line, rowsAreSources, W, values, true, false, out)
  differencesAt(line, rowsAreSources, W, values, false, false, work)
  const kind: f64 = rowsAreSources ? 1 : 0
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) + at<f64>(work, k))
  }
}

/** The same, right less left, strictly. */
@inline
function differenceSlopeAt(line: Line, rowsAreSources: bool, W: usize, values: usize, out: usize, work: usize): void {
  const N = line.N
  differencesAt(line, rowsAreSources, W, values, false, true, out)
  differencesAt(line, rowsAreSources, W, values, true, true, work)
  const kind: f64 = rowsAreSources ? 1 : 0
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) - at<f64>(work, k))
  }
}

export function sinkhorn<T>(
  task: SinkhornTask,
  row: i32,
  n: i32,
  x: usize,
  y: usize,
  weights: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const line = changetype<Line>(scratch)

  line.n = n
  put<f64>(task.facts, row, 0)
  if (line.n == 0) return
  openRow<T>(line, task, x, weights, order, scratch, true)
  for (let k = 0; k < line.N; k++) put<f64>(line.pot, k, counts(line, k) ? 0 : -Infinity)
  evaluate(line)
  for (let step = 0, pause = 0; step < task.iterations && line.residual > task.tolerance; step++) {
    iterate(line)
    if (++pause < patience) continue
    polish(line)
    pause = 0
  }
  polish(line)
  put<f64>(task.facts, row, line.residual)
  const psi = state
  for (let k = 0; k < line.N; k++) {
    if (at<f64>(line.isRow, k) == 0) put<f64>(psi, i32(at<f64>(line.number, k)), at<f64>(line.pot, k))
  }
  sumsAt(line, false)
  for (let k = 0; k < line.N; k++) put<f64>(line.rhs, k, worth<T>(line, task, x, k))
  meanAt(line, false, line.rhs, line.held, line.spare)
  for (let k = 0; k < line.N; k++) {
    if (at<f64>(line.isRow, k) != 0) putNum<T>(y, i32(at<f64>(line.number, k)), at<f64>(line.held, k))
  }
}

export function pullSinkhorn<T>(
  task: SinkhornTask,
  n: i32,
  x: usize,
  yBar: usize,
  xBar: usize,
  weights: usize,
  order: usize,
  state: usize,
  scratch: usize,
): void {
  const line = changetype<Line>(scratch)

  line.n = n
  if (line.n == 0) return
  openRow<T>(line, task, x, weights, order, scratch, false)
  const psi = state
  for (let k = 0; k < line.N; k++) {
    if (at<f64>(line.isRow, k) == 0) put<f64>(line.pot, k, at<f64>(psi, i32(at<f64>(line.number, k))))
  }
  evaluate(line)
  const worths = slot(line, scratch, 22)
  for (let k = 0; k < line.N; k++) put<f64>(worths, k, worth<T>(line, task, x, k))
  pullRow<T>(line, task, yBar, xBar, worths)
}

/** u of a row node. */
@inline
function upstream<T>(line: Line, _task: SinkhornTask, yBar: usize, k: i32): f64 {
  return num<T>(yBar, i32(at<f64>(line.number, k)))
}

/** `worths`: of columns their worth, of rows what they answered: the mean of the worths they see. */
@inline
function pullRow<T>(line: Line, task: SinkhornTask, yBar: usize, xBar: usize, worths: usize): void {
  const N = line.N
  // pot of rows and all sums are those of the solution.
  meanAt(line, false, worths, line.onX, line.onY)
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) == 0) continue
    const p = at<f64>(line.mass, k)
    put<f64>(line.spare, k, p > 0 ? upstream<T>(line, task, yBar, k) / p : 0)
    put<f64>(worths, k, at<f64>(line.onX, k))
  }
  // At columns: the mean of u / p (worth - y).
  differenceAt(line, true, line.spare, worths, line.rhs, line.onY)
  for (let k = 0; k < N; k++) if (at<f64>(line.isRow, k) != 0) put<f64>(line.rhs, k, 0)
  solve(line)
  const inverse = 1 / line.epsilon
  if (line.itemsAreRows) {
    // Both of value less reference: the sign of differencesAt is the other way round.
    differenceSlopeAt(line, false, 0, worths, line.held, line.onY)
    differenceSlopeAt(line, false, 0, line.delta, line.rhs, line.onY)
    for (let k = 0; k < N; k++) {
      if (at<f64>(line.isRow, k) == 0) continue
      const pulled =
        at<f64>(line.mass, k) * at<f64>(line.rhs, k) - upstream<T>(line, task, yBar, k) * at<f64>(line.held, k)
      putNum<T>(xBar, i32(at<f64>(line.number, k)), inverse * pulled)
    }
    return
  }
  differenceSlopeAt(line, true, line.spare, worths, line.held, line.onX)
  differenceSlopeAt(line, true, 0, line.delta, line.rhs, line.onX)
  meanAt(line, true, line.spare, line.onX, line.onY)
  for (let k = 0; k < N; k++) {
    if (at<f64>(line.isRow, k) != 0) continue
    const met = at<f64>(line.pot, k) == -Infinity ? 0 : exp(at<f64>(line.pot, k) + at<f64>(line.total, k))
    const pulled = inverse * (at<f64>(line.held, k) - at<f64>(line.rhs, k)) + at<f64>(line.onX, k)
    putNum<T>(xBar, i32(at<f64>(line.number, k)), met * pulled)
  }
}
