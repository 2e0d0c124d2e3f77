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
 * i0: 0 sort (positions are rows), 1 rank (items are rows). i2: most iterations. p0: epsilon, p1: +1 ascending, p2: tolerance.
 * State: psi. Facts: sum of |m_c - q_c|.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { exp } from '../../engine/library/exp.as';
import { readMasses } from './masses.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const sortOperator: i32 = 0;
/** Sinkhorn iterations before the first Newton step, and between attempts. */
const patience: i32 = 6;
const newtonSteps: i32 = 30;
const halvings: i32 = 6;
/** A node that hangs on the rest by less than this is cut loose: rounding is all that passes there. */
const loose: f64 = 1e-15;

const arrays: i32 = 24;

export function sinkhornScratch(n: i32): usize {
  return <usize>arrays * (<usize>(2 * n + 4) << 3) + 2 * (<usize>(n + 2) << 2) + argsortScratch(n) + 64;
}

let n: i32 = 0;
let N: i32 = 0;
let epsilon: f64 = 0;
let itemsAreRows: bool = false;
/** Of a node: where it is, its mass, 1 for a row and 0 for a column, its number among its kind. */
let place: usize = 0;
let mass: usize = 0;
let isRow: usize = 0;
let number: usize = 0;
/** Potential of a node, less the height. */
let pot: usize = 0;
/** Slope of the height on the way to a node from the one before. */
let tilt: usize = 0;
/** As a source: what the running mean keeps and takes, from either side. */
let keepL: usize = 0;
let addL: usize = 0;
let keepR: usize = 0;
let addR: usize = 0;
/** As a target: log of the sum, and the shares of either side in it; `strict` leaves out what stands at the same place. */
let total: usize = 0;
let shareL: usize = 0;
let shareR: usize = 0;
let strictL: usize = 0;
let strictR: usize = 0;
/** Elimination: delta = onY RY + onX RX + pinned + constant. */
let onY: usize = 0;
let onX: usize = 0;
let constant: usize = 0;
let delta: usize = 0;
let rhs: usize = 0;
let held: usize = 0;
let spare: usize = 0;
let order: usize = 0;
let free: usize = 0;
let residual: f64 = 0;

@inline
function log1p(x: f64): f64 {
  return NativeMath.log1p(x);
}

/** One pass over the nodes from one end: sources of a kind add up, the others read. */
@inline
function sweep(rowsAreSources: bool, fromLeft: bool): void {
  const kind: f64 = rowsAreSources ? 1 : 0;
  const keep = fromLeft ? keepL : keepR;
  const add = fromLeft ? addL : addR;
  const share = fromLeft ? shareL : shareR;
  const strict = fromLeft ? strictL : strictR;
  let sum: f64 = -Infinity;
  let before: f64 = -Infinity;
  let last: f64 = NaN;
  // Whether a rising height takes from what comes along or adds to it.
  const sense: f64 = rowsAreSources == fromLeft ? -1 : 1;
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step;
    const t = at<f64>(place, k);
    if (t != last) {
      const slope = step == 0 ? 0 : at<f64>(tilt, fromLeft ? k : k + 1);
      if (step > 0) sum -= (1 + sense * slope) * (Math.abs(t - last) / epsilon);
      before = sum;
      last = t;
    }
    if (at<f64>(isRow, k) != kind) {
      put<f64>(share, k, sum);
      put<f64>(strict, k, before);
      continue;
    }
    const own = at<f64>(pot, k);
    if (own == -Infinity) {
      put<f64>(keep, k, 1);
      put<f64>(add, k, 0);
      continue;
    }
    if (sum == -Infinity) {
      put<f64>(keep, k, 0);
      put<f64>(add, k, 1);
      sum = own;
      continue;
    }
    const e = exp(-Math.abs(sum - own));
    const larger = 1 / (1 + e);
    const smaller = e * larger;
    const ahead = sum >= own;
    put<f64>(keep, k, ahead ? larger : smaller);
    put<f64>(add, k, ahead ? smaller : larger);
    sum = (ahead ? sum : own) + log1p(e);
  }
}

/** Both sweeps, and from their logarithms sums and shares. */
function sumsAt(rowsAreSources: bool): void {
  sweep(rowsAreSources, true);
  sweep(rowsAreSources, false);
  const kind: f64 = rowsAreSources ? 1 : 0;
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) == kind) continue;
    const l = at<f64>(shareL, k);
    const r = at<f64>(shareR, k);
    const top = max(l, r);
    const e = exp(min(l, r) - top);
    const larger = 1 / (1 + e);
    const sum = top + log1p(e);
    put<f64>(total, k, sum);
    put<f64>(shareL, k, l >= r ? larger : e * larger);
    put<f64>(shareR, k, l >= r ? e * larger : larger);
    put<f64>(strictL, k, exp(at<f64>(strictL, k) - sum));
    put<f64>(strictR, k, exp(at<f64>(strictR, k) - sum));
  }
}

/** Rows meet their masses exactly, columns get what comes: `mass met` in `held`. */
function evaluate(): void {
  sumsAt(false);
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) == 0) continue;
    const p = at<f64>(mass, k);
    put<f64>(pot, k, p > 0 ? Math.log(p) - at<f64>(total, k) : -Infinity);
  }
  sumsAt(true);
  residual = 0;
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != 0) continue;
    const met = at<f64>(pot, k) == -Infinity ? 0 : exp(at<f64>(pot, k) + at<f64>(total, k));
    put<f64>(held, k, met);
    residual += Math.abs(met - at<f64>(mass, k));
  }
}

function iterate(): void {
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != 0) continue;
    const q = at<f64>(mass, k);
    put<f64>(pot, k, q > 0 ? Math.log(q) - at<f64>(total, k) : -Infinity);
  }
  evaluate();
}

/** Is the node part of the plan at all? */
@inline
function counts(k: i32): bool {
  return at<f64>(mass, k) > 0;
}

/** delta from rhs (already divided by the mass of its node), at the sums of the last evaluation. */
function solve(): void {
  // (LY, LX) = ((m11, m12), (m21, m22)) (RY, RX) + pinned share e + constant c.
  let m11: f64 = 0;
  let m12: f64 = 0;
  let m21: f64 = 0;
  let m22: f64 = 0;
  let e1: f64 = 0;
  let e2: f64 = 0;
  let c1: f64 = 0;
  let c2: f64 = 0;
  for (let k = 0; k < N; k++) {
    const row = at<f64>(isRow, k) != 0;
    if (!counts(k)) {
      put<f64>(onY, k, 0);
      put<f64>(onX, k, 0);
      put<f64>(constant, k, 0);
      continue;
    }
    // A column looks at row means (X) and adds to column means (Y); a row the other way round. `u` is what it looks at.
    const uSelf = row ? m11 : m22;
    const uOther = row ? m12 : m21;
    const uPinned = row ? e1 : e2;
    const uConstant = row ? c1 : c2;
    const left = at<f64>(shareL, k);
    const right = at<f64>(shareR, k);
    const keep = at<f64>(keepR, k);
    const take = at<f64>(addR, k);
    const pivot = right + left * (uSelf + uPinned) + left * uOther * keep;
    let toOwn: f64 = 0;
    let toLooked: f64 = 0;
    let pinned: f64 = 1;
    let shift: f64 = 0;
    if (pivot > loose) {
      toOwn = (left * uOther * keep) / pivot;
      toLooked = (left * uSelf + right) / pivot;
      pinned = (left * uPinned) / pivot;
      shift = (left * uConstant + at<f64>(rhs, k)) / pivot;
    }
    put<f64>(onY, k, row ? toLooked : toOwn);
    put<f64>(onX, k, row ? toOwn : toLooked);
    put<f64>(constant, k, shift);
    const keepOwn = keep + take * toOwn;
    const takeLooked = take * toLooked;
    const takePinned = take * pinned;
    const takeShift = take * shift;
    const kept = at<f64>(keepL, k);
    const taken = at<f64>(addL, k);
    if (row) {
      // The right mean of rows is what changes behind this node.
      c1 += m12 * takeShift;
      e1 += m12 * takePinned;
      m11 += m12 * takeLooked;
      m12 *= keepOwn;
      const d0 = c2 + m22 * takeShift;
      const dE = e2 + m22 * takePinned;
      const dY = m21 + m22 * takeLooked;
      const dX = m22 * keepOwn;
      m21 = kept * dY + taken * toLooked;
      m22 = kept * dX + taken * toOwn;
      e2 = kept * dE + taken * pinned;
      c2 = kept * d0 + taken * shift;
    } else {
      c2 += m21 * takeShift;
      e2 += m21 * takePinned;
      m22 += m21 * takeLooked;
      m21 *= keepOwn;
      const d0 = c1 + m11 * takeShift;
      const dE = e1 + m11 * takePinned;
      const dX = m12 + m11 * takeLooked;
      const dY = m11 * keepOwn;
      m11 = kept * dY + taken * toOwn;
      m12 = kept * dX + taken * toLooked;
      e1 = kept * dE + taken * pinned;
      c1 = kept * d0 + taken * shift;
    }
  }
  let RY: f64 = 0;
  let RX: f64 = 0;
  for (let k = N - 1; k >= 0; k--) {
    const d = at<f64>(onY, k) * RY + at<f64>(onX, k) * RX + at<f64>(constant, k);
    put<f64>(delta, k, d);
    if (!counts(k)) continue;
    if (at<f64>(isRow, k) != 0) RX = at<f64>(keepR, k) * RX + at<f64>(addR, k) * d;
    else RY = at<f64>(keepR, k) * RY + at<f64>(addR, k) * d;
  }
}

/** One Newton step on psi, shortened until the residual falls; false when it does not. */
function newton(): bool {
  for (let k = 0; k < N; k++) {
    const met = at<f64>(held, k);
    const off = at<f64>(isRow, k) != 0 || met == 0 ? 0 : (at<f64>(mass, k) - met) / met;
    put<f64>(rhs, k, off);
  }
  solve();
  const before = residual;
  for (let k = 0; k < N; k++) put<f64>(spare, k, at<f64>(pot, k));
  let size: f64 = 1;
  for (let halving = 0; halving <= halvings; halving++, size *= 0.5) {
    for (let k = 0; k < N; k++) {
      if (at<f64>(isRow, k) == 0) put<f64>(pot, k, at<f64>(spare, k) + size * at<f64>(delta, k));
    }
    evaluate();
    if (residual < before) return true;
  }
  for (let k = 0; k < N; k++) put<f64>(pot, k, at<f64>(spare, k));
  evaluate();
  return false;
}

/** Newton steps down to rounding, as long as each at least halves the residual. */
function polish(): void {
  const rounding = <f64>n * 2.220446049250313e-16;
  for (let step = 0; step < newtonSteps && residual > rounding; step++) {
    const before = residual;
    if (!newton() || residual > 0.5 * before) return;
  }
}

/** Array k of the scratch, f64. */
@inline
function slot(scratch: usize, k: i32): usize {
  return scratch + <usize>k * (<usize>(N + 4) << 3);
}

@inline
function targetOf(j: i32): f64 {
  return n > 1 ? <f64>j / <f64>(n - 1) : 0;
}

/** Merges items and positions; at the same place columns stand before rows. */
@inline
function openRow<T>(task: Task, from: i32, scratch: usize, sorting: bool): void {
  epsilon = task.p0;
  itemsAreRows = task.i0 != sortOperator;
  N = 2 * n;
  place = slot(scratch, 0);
  mass = slot(scratch, 1);
  isRow = slot(scratch, 2);
  number = slot(scratch, 3);
  pot = slot(scratch, 4);
  keepL = slot(scratch, 5);
  addL = slot(scratch, 6);
  keepR = slot(scratch, 7);
  addR = slot(scratch, 8);
  total = slot(scratch, 9);
  shareL = slot(scratch, 10);
  shareR = slot(scratch, 11);
  strictL = slot(scratch, 12);
  strictR = slot(scratch, 13);
  onY = slot(scratch, 14);
  onX = slot(scratch, 15);
  constant = slot(scratch, 16);
  delta = slot(scratch, 17);
  rhs = slot(scratch, 18);
  held = slot(scratch, 19);
  spare = slot(scratch, 20);
  free = slot(scratch, 21);
  tilt = slot(scratch, 23);
  order = ptr<u32>(task.order, from);
  const x = ptr<T>(task.x, from);
  if (sorting) argsort<T>(x, n, false, order, slot(scratch, arrays));
  readMasses<T>(ptr<T>(task.weights, from), n, free);
  const itemKind: f64 = itemsAreRows ? 1 : 0;
  let i = 0;
  let j = 0;
  for (let k = 0; k < N; k++) {
    const value = i < n ? num<T>(x, <i32>at<u32>(order, i)) : Infinity;
    const target = j < n ? targetOf(j) : Infinity;
    const item = i < n && (value < target || j == n || (value == target && !itemsAreRows));
    put<f64>(place, k, item ? value : target);
    put<f64>(isRow, k, item ? itemKind : 1 - itemKind);
    put<f64>(mass, k, item ? at<f64>(free, <i32>at<u32>(order, i)) : 1 / <f64>n);
    put<f64>(number, k, <f64>(item ? <i32>at<u32>(order, i) : task.p1 > 0 ? j : n - 1 - j));
    if (item) i++;
    else j++;
  }
  tiltLine();
}

/** The dual of epsilon 0: a height that rises where more rows than columns are on the left, and falls where fewer. */
@inline
function tiltLine(): void {
  let surplus: f64 = 0;
  for (let k = 0; k < N; k++) {
    put<f64>(tilt, k, surplus > 1e-12 ? 1 : surplus < -1e-12 ? -1 : 0);
    surplus += at<f64>(isRow, k) != 0 ? at<f64>(mass, k) : -at<f64>(mass, k);
  }
}

/** Value of a node in the means: of an item its value, of a position its rank. */
@inline
function worth<T>(task: Task, from: i32, k: i32): f64 {
  const j = <i32>at<f64>(number, k);
  const isItem = (at<f64>(isRow, k) != 0) == itemsAreRows;
  return isItem ? num<T>(task.x, from + j) : <f64>(j + 1);
}

/** Running means of `values` over one kind of nodes, read by the other: shares times means, strictly beside it or not. */
@inline
function meansAt(rowsAreSources: bool, values: usize, fromLeft: bool, strictly: bool, out: usize): void {
  const kind: f64 = rowsAreSources ? 1 : 0;
  const keep = fromLeft ? keepL : keepR;
  const add = fromLeft ? addL : addR;
  const share = strictly ? (fromLeft ? strictL : strictR) : fromLeft ? shareL : shareR;
  let mean: f64 = 0;
  let before: f64 = 0;
  let last: f64 = NaN;
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step;
    if (at<f64>(place, k) != last) {
      before = mean;
      last = at<f64>(place, k);
    }
    if (at<f64>(isRow, k) == kind) mean = at<f64>(keep, k) * mean + at<f64>(add, k) * at<f64>(values, k);
    else put<f64>(out, k, at<f64>(share, k) * (strictly ? before : mean));
  }
}

/** The mean under P of column values at every row (rows) or of row values at every column, into out. */
@inline
function meanAt(rowsAreSources: bool, values: usize, out: usize, work: usize): void {
  meansAt(rowsAreSources, values, true, false, out);
  meansAt(rowsAreSources, values, false, false, work);
  const kind: f64 = rowsAreSources ? 1 : 0;
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) + at<f64>(work, k));
  }
}

/** Of the first target that will read: starting anywhere else would take digits from all that follows. */
@inline
function firstReference(values: usize, sources: f64, fromLeft: bool): f64 {
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step;
    if (at<f64>(isRow, k) != sources) return at<f64>(values, k);
  }
  return 0;
}

/**
 * Running means of W (reference - value), W and value of the sources, the reference of the target: differences travel with the
 * reference, so that large values which nearly cancel cost no digits. Shares times means, as above.
 */
@inline
function differencesAt(rowsAreSources: bool, W: usize, values: usize, fromLeft: bool, strictly: bool, out: usize): void {
  const kind: f64 = rowsAreSources ? 1 : 0;
  const keep = fromLeft ? keepL : keepR;
  const add = fromLeft ? addL : addR;
  const share = strictly ? (fromLeft ? strictL : strictR) : fromLeft ? shareL : shareR;
  let weight: f64 = 0;
  let mean: f64 = 0;
  let reference = firstReference(values, kind, fromLeft);
  let weightBefore: f64 = 0;
  let meanBefore: f64 = 0;
  let last: f64 = NaN;
  for (let step = 0; step < N; step++) {
    const k = fromLeft ? step : N - 1 - step;
    if (at<f64>(place, k) != last) {
      weightBefore = weight;
      meanBefore = mean;
      last = at<f64>(place, k);
    }
    const value = at<f64>(values, k);
    if (at<f64>(isRow, k) == kind) {
      const w = W ? at<f64>(W, k) : 1;
      weight = at<f64>(keep, k) * weight + at<f64>(add, k) * w;
      mean = at<f64>(keep, k) * mean + at<f64>(add, k) * w * (reference - value);
      continue;
    }
    mean += (value - reference) * weight;
    meanBefore += (value - reference) * weightBefore;
    reference = value;
    put<f64>(out, k, at<f64>(share, k) * (strictly ? meanBefore : mean));
  }
}

/** The mean under P of W (reference - value). */
@inline
function differenceAt(rowsAreSources: bool, W: usize, values: usize, out: usize, work: usize): void {
  differencesAt(rowsAreSources, W, values, true, false, out);
  differencesAt(rowsAreSources, W, values, false, false, work);
  const kind: f64 = rowsAreSources ? 1 : 0;
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) + at<f64>(work, k));
  }
}

/** The same, right less left, strictly. */
@inline
function differenceSlopeAt(rowsAreSources: bool, W: usize, values: usize, out: usize, work: usize): void {
  differencesAt(rowsAreSources, W, values, false, true, out);
  differencesAt(rowsAreSources, W, values, true, true, work);
  const kind: f64 = rowsAreSources ? 1 : 0;
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != kind) put<f64>(out, k, at<f64>(out, k) - at<f64>(work, k));
  }
}

export function sinkhorn<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    put<f64>(task.facts, q, 0);
    if (n == 0) continue;
    openRow<T>(task, from, scratch, true);
    for (let k = 0; k < N; k++) put<f64>(pot, k, counts(k) ? 0 : -Infinity);
    evaluate();
    for (let step = 0, pause = 0; step < task.i2 && residual > task.p2; step++) {
      iterate();
      if (++pause < patience) continue;
      polish();
      pause = 0;
    }
    polish();
    put<f64>(task.facts, q, residual);
    const psi = ptr<f64>(task.state, from);
    for (let k = 0; k < N; k++) {
      if (at<f64>(isRow, k) == 0) put<f64>(psi, <i32>at<f64>(number, k), at<f64>(pot, k));
    }
    sumsAt(false);
    for (let k = 0; k < N; k++) put<f64>(rhs, k, worth<T>(task, from, k));
    meanAt(false, rhs, held, spare);
    for (let k = 0; k < N; k++) {
      if (at<f64>(isRow, k) != 0) putNum<T>(task.y, from + <i32>at<f64>(number, k), at<f64>(held, k));
    }
  }
}

export function pullSinkhorn<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    if (n == 0) continue;
    openRow<T>(task, from, scratch, false);
    const psi = ptr<f64>(task.state, from);
    for (let k = 0; k < N; k++) {
      if (at<f64>(isRow, k) == 0) put<f64>(pot, k, at<f64>(psi, <i32>at<f64>(number, k)));
    }
    evaluate();
    const worths = slot(scratch, 22);
    for (let k = 0; k < N; k++) put<f64>(worths, k, worth<T>(task, from, k));
    pullRow<T>(task, from, worths);
  }
}

/** u of a row node. */
@inline
function upstream<T>(task: Task, from: i32, k: i32): f64 {
  return num<T>(task.yBar, from + <i32>at<f64>(number, k));
}

/** `worths`: of columns their worth, of rows what they answered: the mean of the worths they see. */
@inline
function pullRow<T>(task: Task, from: i32, worths: usize): void {
  // pot of rows and all sums are those of the solution.
  meanAt(false, worths, onX, onY);
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) == 0) continue;
    const p = at<f64>(mass, k);
    put<f64>(spare, k, p > 0 ? upstream<T>(task, from, k) / p : 0);
    put<f64>(worths, k, at<f64>(onX, k));
  }
  // At columns: the mean of u / p (worth - y).
  differenceAt(true, spare, worths, rhs, onY);
  for (let k = 0; k < N; k++) if (at<f64>(isRow, k) != 0) put<f64>(rhs, k, 0);
  solve();
  const inverse = 1 / epsilon;
  if (itemsAreRows) {
    // Both of value less reference: the sign of differencesAt is the other way round.
    differenceSlopeAt(false, 0, worths, held, onY);
    differenceSlopeAt(false, 0, delta, rhs, onY);
    for (let k = 0; k < N; k++) {
      if (at<f64>(isRow, k) == 0) continue;
      const pulled = at<f64>(mass, k) * at<f64>(rhs, k) - upstream<T>(task, from, k) * at<f64>(held, k);
      putNum<T>(task.xBar, from + <i32>at<f64>(number, k), inverse * pulled);
    }
    return;
  }
  differenceSlopeAt(true, spare, worths, held, onX);
  differenceSlopeAt(true, 0, delta, rhs, onX);
  meanAt(true, spare, onX, onY);
  for (let k = 0; k < N; k++) {
    if (at<f64>(isRow, k) != 0) continue;
    const met = at<f64>(pot, k) == -Infinity ? 0 : exp(at<f64>(pot, k) + at<f64>(total, k));
    const pulled = inverse * (at<f64>(held, k) - at<f64>(rhs, k)) + at<f64>(onX, k);
    putNum<T>(task.xBar, from + <i32>at<f64>(number, k), met * pulled);
  }
}
