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
 * i0: 0 sort (positions are rows), 1 rank (items are rows), 2 matrix (positions are rows). i1: 0 square, 1 absolute. i2: most
 * iterations, i3: 1 squashes. p0: epsilon, p1: +1 ascending, p2: tolerance. State: v, by column. Facts: sum of |m_c - q_c|.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as';
import { exp, exp64x2 } from '../../engine/library/exp.as';
import { readMasses } from './masses.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const rankOperator: i32 = 1;
const matrixOperator: i32 = 2;

/** Masses this small are what rounding leaves of others. */
const rounding: f64 = 1e-12;
/** A node that hangs on the rest by less than this, in masses of its own, is cut loose. */
const loose: f64 = 1e-15;
const newtonSteps: i32 = 20;
const halvings: i32 = 4;
/** v is absorbed when it has moved so far: products stay numbers. */
const farthest: f64 = 100;

const lines: i32 = 24;

/** Room for lanes that hang over: of four numbers where columns are taken in eights. */
@inline
function strideOf(n: i32): i32 {
  return (n + 9) & ~1;
}

export function transportScratch(n: i32): usize {
  const line = <usize>strideOf(n) << 3;
  return <usize>(lines + 3 * (n + 2)) * line + argsortScratch(n);
}

let n: i32 = 0;
let stride: i32 = 0;
let epsilon: f64 = 0;
let absolute: bool = false;
let squashes: bool = false;
let itemsAreRows: bool = false;
/** Of items, in the order of their values: place and mass; squashed values, standardised. */
let place: usize = 0;
let itemMass: usize = 0;
let standard: usize = 0;
let deviation: f64 = 0;
let target: usize = 0;
let uniform: usize = 0;
/** Of rows and columns. */
let rowPlace: usize = 0;
let columnPlace: usize = 0;
let rowMass: usize = 0;
let columnMass: usize = 0;
/** Boundaries between columns of the matching: the columns, and twice the middle of the rows that meet there. */
let boundaries: i32 = 0;
let before: usize = 0;
let after: usize = 0;
let middle: usize = 0;
let middleHigh: usize = 0;
/** Of a row: its column in the matching, and the boundaries left of it. */
let own: usize = 0;
let passed: usize = 0;
let logits: usize = 0;
let kernel: usize = 0;
let coupling: usize = 0;
let dual: usize = 0;
let absorbed: usize = 0;
let factor: usize = 0;
/** p_r / sum of a row of kernel times factor, and the row's shift: largest logit plus dual when it was absorbed. */
let rowFactor: usize = 0;
let rowShift: usize = 0;
let found: usize = 0;
let step: usize = 0;
let held: usize = 0;
let pivots: usize = 0;
/** What columns are worth in the mean that sort and rank answer, above `base`: no offset takes digits. */
let worth: usize = 0;
let base: f64 = 0;
let pulled: usize = 0;
let buffer: usize = 0;
let residual: f64 = 0;
let factored: bool = false;

@inline
function rowOf(matrix: usize, r: i32): usize {
  return ptr<f64>(matrix, r * stride);
}

@inline
function dot(a: usize, b: usize): f64 {
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (let c = 0; c < n; c += 4) {
    even = f64x2.add(even, f64x2.mul(v128.load(ptr<f64>(a, c)), v128.load(ptr<f64>(b, c))));
    odd = f64x2.add(odd, f64x2.mul(v128.load(ptr<f64>(a, c), 16), v128.load(ptr<f64>(b, c), 16)));
  }
  const sum = f64x2.add(even, odd);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** to_c += scale from_c for c from `start`. */
@inline
function add(to: usize, from: usize, scale: f64, start: i32): void {
  const s = f64x2.splat(scale);
  for (let c = start; c < n; c += 2) {
    const there = ptr<f64>(to, c);
    v128.store(there, f64x2.add(v128.load(there), f64x2.mul(s, v128.load(ptr<f64>(from, c)))));
  }
}

@inline
function clear(line: usize): void {
  memory.fill(line, 0, <usize>stride << 3);
}

/** Masses matched in order, which is the transport of epsilon 0 for any convex cost. */
function match(): void {
  boundaries = 0;
  let r = 0;
  let c = 0;
  let used: f64 = 0;
  let filled: f64 = 0;
  let lastColumn = -1;
  let lastRow = 0;
  while (r < n && c < n) {
    const rest = at<f64>(rowMass, r) - used;
    const room = at<f64>(columnMass, c) - filled;
    const mass = max<f64>(0, min(rest, room));
    // A column without mass is no part of the line.
    if (at<f64>(columnMass, c) > 0) {
      if (lastColumn >= 0 && c != lastColumn) {
        put<i32>(before, boundaries, lastColumn);
        put<i32>(after, boundaries, c);
        put<f64>(middle, boundaries, at<f64>(rowPlace, lastRow));
        put<f64>(middleHigh, boundaries, at<f64>(rowPlace, r));
        boundaries++;
      }
      lastColumn = c;
      lastRow = r;
    }
    put<i32>(own, r, max(0, lastColumn));
    put<i32>(passed, r, boundaries);
    const rowDone = (rest <= room + rounding && r < n - 1) || c == n - 1;
    const columnDone = (room <= rest + rounding && c < n - 1) || r == n - 1;
    used = rowDone ? 0 : used + mass;
    filled = columnDone ? 0 : filled + mass;
    if (rowDone) r++;
    if (columnDone) c++;
  }
  // Rows before the first column that has mass are matched with it.
  for (r = 0; r < n && at<f64>(columnMass, at<i32>(own, r)) == 0; r++) {
    put<i32>(own, r, boundaries > 0 ? at<i32>(before, 0) : lastColumn);
  }
}

/** How much better a row at x likes what is behind boundary b than what is before it. */
@inline
function preference(x: f64, b: i32): f64 {
  const left = at<f64>(columnPlace, at<i32>(before, b));
  const right = at<f64>(columnPlace, at<i32>(after, b));
  const low = at<f64>(middle, b);
  const high = at<f64>(middleHigh, b);
  if (!absolute) return ((x - low + (x - high)) * (right - left)) / epsilon;
  const here = max(left, min(right, x));
  return (here - max(left, min(right, low)) + (here - max(left, min(right, high)))) / epsilon;
}

function writeLogits(): void {
  for (let r = 0; r < n; r++) {
    const row = rowOf(logits, r);
    const x = at<f64>(rowPlace, r);
    for (let c = 0; c < stride; c++) put<f64>(row, c, -Infinity);
    put<f64>(row, at<i32>(own, r), 0);
    let z: f64 = 0;
    for (let b = at<i32>(passed, r); b < boundaries; b++) {
      z += preference(x, b);
      put<f64>(row, at<i32>(after, b), z);
    }
    z = 0;
    for (let b = at<i32>(passed, r) - 1; b >= 0; b--) {
      z -= preference(x, b);
      put<f64>(row, at<i32>(before, b), z);
    }
  }
}

/** exp(Z + v), rows over their largest. */
function absorb(): void {
  memory.copy(absorbed, dual, <usize>stride << 3);
  for (let r = 0; r < n; r++) {
    const z = rowOf(logits, r);
    const k = rowOf(kernel, r);
    let top = f64x2.splat(-Infinity);
    for (let c = 0; c < n; c += 2) {
      const both = f64x2.add(v128.load(ptr<f64>(z, c)), v128.load(ptr<f64>(dual, c)));
      v128.store(ptr<f64>(k, c), both);
      top = f64x2.pmax(top, both);
    }
    const largest = max(f64x2.extract_lane(top, 0), f64x2.extract_lane(top, 1));
    put<f64>(rowShift, r, largest);
    for (let c = 0; c < n; c += 2) {
      const e = exp64x2(f64x2.sub(v128.load(ptr<f64>(k, c)), f64x2.splat(largest)));
      v128.store(ptr<f64>(k, c), e);
    }
    for (let c = n; c < stride; c++) put<f64>(k, c, 0);
  }
}

/** m and the residual at v. */
function evaluate(): void {
  factored = false;
  let far: f64 = 0;
  for (let c = 0; c < n; c++) far = max(far, Math.abs(at<f64>(dual, c) - at<f64>(absorbed, c)));
  if (!(far <= farthest)) absorb();
  for (let c = 0; c < n; c++) {
    const e = at<f64>(columnMass, c) > 0 ? exp(at<f64>(dual, c) - at<f64>(absorbed, c)) : 0;
    put<f64>(factor, c, e);
  }
  clear(found);
  for (let r = 0; r < n; r++) {
    const k = rowOf(kernel, r);
    const share = at<f64>(rowMass, r) / dot(k, factor);
    put<f64>(rowFactor, r, share);
    add(found, k, share, 0);
  }
  residual = 0;
  for (let c = 0; c < n; c++) {
    const m = at<f64>(found, c) * at<f64>(factor, c);
    put<f64>(found, c, m);
    residual += Math.abs(m - at<f64>(columnMass, c));
  }
}

/** Log of m_c / e^v_c, for a column whose mass underflows. */
function logColumn(c: i32): f64 {
  let top: f64 = -Infinity;
  let sum: f64 = 0;
  for (let pass = 0; pass < 2; pass++) {
    for (let r = 0; r < n; r++) {
      const z = Math.log(at<f64>(rowFactor, r)) - at<f64>(rowShift, r) + at<f64>(rowOf(logits, r), c);
      if (pass == 0) top = max(top, z);
      else sum += exp(z - top);
    }
  }
  return top + Math.log(sum);
}

function iterate(): void {
  for (let c = 0; c < n; c++) {
    const q = at<f64>(columnMass, c);
    if (q == 0) continue;
    const m = at<f64>(found, c);
    if (m > 1e-280) put<f64>(dual, c, at<f64>(dual, c) + Math.log(q / m));
    else put<f64>(dual, c, Math.log(q) - logColumn(c));
  }
  evaluate();
}

/** Columns c and c + 1 of the coupling with d to d + 7. */
@inline
function couple(c: i32, d: i32): void {
  let a0 = f64x2.splat(0);
  let a1 = f64x2.splat(0);
  let a2 = f64x2.splat(0);
  let a3 = f64x2.splat(0);
  let b0 = f64x2.splat(0);
  let b1 = f64x2.splat(0);
  let b2 = f64x2.splat(0);
  let b3 = f64x2.splat(0);
  for (let r = 0; r < n; r++) {
    const k = rowOf(kernel, r);
    const weight = at<f64>(pulled, r);
    const a = f64x2.splat(weight * at<f64>(k, c));
    const b = f64x2.splat(weight * at<f64>(k, c + 1));
    const other = ptr<f64>(k, d);
    const k0 = v128.load(other);
    const k1 = v128.load(other, 16);
    const k2 = v128.load(other, 32);
    const k3 = v128.load(other, 48);
    a0 = f64x2.add(a0, f64x2.mul(a, k0));
    a1 = f64x2.add(a1, f64x2.mul(a, k1));
    a2 = f64x2.add(a2, f64x2.mul(a, k2));
    a3 = f64x2.add(a3, f64x2.mul(a, k3));
    b0 = f64x2.add(b0, f64x2.mul(b, k0));
    b1 = f64x2.add(b1, f64x2.mul(b, k1));
    b2 = f64x2.add(b2, f64x2.mul(b, k2));
    b3 = f64x2.add(b3, f64x2.mul(b, k3));
  }
  const first = ptr<f64>(rowOf(coupling, c), d);
  v128.store(first, a0);
  v128.store(first, a1, 16);
  v128.store(first, a2, 32);
  v128.store(first, a3, 48);
  const second = ptr<f64>(rowOf(coupling, c + 1), d);
  v128.store(second, b0);
  v128.store(second, b1, 16);
  v128.store(second, b2, 32);
  v128.store(second, b3, 48);
}

/** The coupling of columns, S_cd = sum over r of p_r Q_rc Q_rd, eliminated: row c becomes S_cd / pivot_c for d > c. */
function factorise(): void {
  if (factored) return;
  factored = true;
  for (let r = 0; r < n; r++) {
    const share = at<f64>(rowFactor, r);
    put<f64>(pulled, r, at<f64>(rowMass, r) > 0 ? (share * share) / at<f64>(rowMass, r) : 0);
  }
  for (let c = 0; c < n; c += 2) for (let d = c; d < n; d += 8) couple(c, d);
  for (let c = 0; c < n; c++) {
    const line = rowOf(coupling, c);
    const scale = f64x2.splat(at<f64>(factor, c));
    for (let d = c & ~1; d < n; d += 2) {
      const there = ptr<f64>(line, d);
      v128.store(there, f64x2.mul(f64x2.mul(v128.load(there), scale), v128.load(ptr<f64>(factor, d))));
    }
    for (let d = n; d < stride; d++) put<f64>(line, d, 0);
  }
  for (let k = 0; k < n; k++) {
    const line = rowOf(coupling, k);
    let sum: f64 = 0;
    for (let d = k + 1; d < n; d++) sum += at<f64>(line, d);
    const pivot = sum > loose * at<f64>(found, k) ? sum : 0;
    put<f64>(pivots, k, pivot);
    const inverse = pivot == 0 ? 0 : 1 / pivot;
    for (let c = k + 1; c < n; c++) {
      const share = at<f64>(line, c) * inverse;
      if (share != 0) add(rowOf(coupling, c), line, share, c + 1);
      put<f64>(line, c, share);
    }
  }
}

/** Overwrites b, of sum 0, with a solution; constants on separate parts of the graph are free. */
function solve(b: usize): void {
  for (let k = 0; k < n; k++) add(b, rowOf(coupling, k), at<f64>(b, k), k + 1);
  for (let k = n - 1; k >= 0; k--) {
    const line = rowOf(coupling, k);
    const pivot = at<f64>(pivots, k);
    let v = pivot == 0 ? 0 : at<f64>(b, k) / pivot;
    let sum = f64x2.splat(0);
    let d = k + 1;
    for (; d + 1 < n; d += 2) {
      sum = f64x2.add(sum, f64x2.mul(v128.load(ptr<f64>(line, d)), v128.load(ptr<f64>(b, d))));
    }
    v += f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
    if (d < n) v += at<f64>(line, d) * at<f64>(b, d);
    put<f64>(b, k, v);
  }
}

/** One Newton step on the dual, shortened until the residual falls; false when it does not. */
function newton(): bool {
  factorise();
  clear(step);
  for (let c = 0; c < n; c++) put<f64>(step, c, at<f64>(columnMass, c) - at<f64>(found, c));
  solve(step);
  memory.copy(held, dual, <usize>stride << 3);
  const last = residual;
  let size: f64 = 1;
  for (let halving = 0; halving <= halvings; halving++, size *= 0.5) {
    for (let c = 0; c < n; c++) put<f64>(dual, c, at<f64>(held, c) + size * at<f64>(step, c));
    evaluate();
    if (residual < last) return true;
  }
  memory.copy(dual, held, <usize>stride << 3);
  evaluate();
  return false;
}

/** Newton steps down to rounding, as long as each at least halves the residual. */
function polish(): void {
  const enough = <f64>n * 2.220446049250313e-16;
  for (let t = 0; t < newtonSteps && residual > enough; t++) {
    const last = residual;
    if (!newton() || residual > last / 2) return;
  }
}

/**
 * Standardised values through the logistic function; without deviation all are 1/2. In the order of the items, as a value at its
 * target is a kink that any other rounding might fall off from. `masses`: of the items, in their order.
 */
function squash<T>(x: usize, order: usize, masses: usize): void {
  const first = num<T>(x, 0);
  let mean: f64 = 0;
  for (let i = 0; i < n; i++) mean += at<f64>(masses, i) * (num<T>(x, i) - first);
  let variance: f64 = 0;
  for (let i = 0; i < n; i++) variance += at<f64>(masses, i) * (num<T>(x, i) - first - mean) ** 2;
  deviation = Math.sqrt(variance);
  for (let i = 0; i < n; i++) {
    const z = deviation > 0 ? (num<T>(x, <i32>at<u32>(order, i)) - first - mean) / deviation : 0;
    const e = exp(-Math.abs(z));
    put<f64>(standard, i, z);
    put<f64>(place, i, z >= 0 ? 1 / (1 + e) : e / (1 + e));
  }
}

/** The gradient in squashed values, in `gradient`, becomes that in values. */
function pullSquash(gradient: usize): void {
  let sum: f64 = 0;
  let moment: f64 = 0;
  for (let i = 0; i < n; i++) {
    const s = at<f64>(place, i);
    const g = deviation > 0 ? (at<f64>(gradient, i) * s * (1 - s)) / deviation : 0;
    put<f64>(gradient, i, g);
    sum += g;
    moment += g * at<f64>(standard, i);
  }
  for (let i = 0; i < n; i++) {
    const g = at<f64>(gradient, i) - at<f64>(itemMass, i) * (sum + at<f64>(standard, i) * moment);
    put<f64>(gradient, i, g);
  }
}

/** The position that stands at place j of the line, from 0. */
@inline
function positionAt(task: Task, j: i32): i32 {
  return task.p1 > 0 ? j : n - 1 - j;
}

/** Sorts items, lays out lines and matrices and writes Z. */
function open<T>(task: Task, from: i32, scratch: usize, sorting: bool): void {
  stride = strideOf(n);
  epsilon = task.p0;
  absolute = task.i1 == 1;
  squashes = task.i3 == 1;
  itemsAreRows = task.i0 == rankOperator;
  const line = <usize>stride << 3;
  let free = scratch;
  place = free;
  itemMass = free += line;
  standard = free += line;
  target = free += line;
  uniform = free += line;
  before = free += line;
  after = free += line;
  middle = free += line;
  middleHigh = free += line;
  own = free += line;
  passed = free += line;
  dual = free += line;
  absorbed = free += line;
  factor = free += line;
  rowFactor = free += line;
  rowShift = free += line;
  found = free += line;
  step = free += line;
  held = free += line;
  pivots = free += line;
  worth = free += line;
  pulled = free += line;
  buffer = free += line;
  free += line;
  memory.fill(scratch, 0, <usize>lines * line);
  logits = scratch + <usize>lines * line;
  kernel = logits + <usize>(n + 2) * line;
  coupling = kernel + <usize>(n + 2) * line;
  const order = ptr<u32>(task.order, from);
  const x = ptr<T>(task.x, from);
  if (sorting) argsort<T>(x, n, false, order, coupling + <usize>(n + 2) * line);
  readMasses<T>(ptr<T>(task.weights, from), n, buffer);
  for (let i = 0; i < n; i++) {
    const item = <i32>at<u32>(order, i);
    put<f64>(place, i, num<T>(x, item));
    put<f64>(itemMass, i, at<f64>(buffer, item));
    put<f64>(target, i, n > 1 ? <f64>i / <f64>(n - 1) : 0);
    put<f64>(uniform, i, 1 / <f64>n);
    put<f64>(worth, i, itemsAreRows ? <f64>(positionAt(task, i) + 1) : num<T>(x, item));
  }
  base = itemsAreRows ? 0 : at<f64>(worth, n / 2);
  for (let i = 0; i < n; i++) put<f64>(worth, i, at<f64>(worth, i) - base);
  if (squashes) squash<T>(x, order, buffer);
  rowPlace = itemsAreRows ? place : target;
  columnPlace = itemsAreRows ? target : place;
  rowMass = itemsAreRows ? itemMass : uniform;
  columnMass = itemsAreRows ? uniform : itemMass;
  match();
  writeLogits();
}

/** The index by which the outside knows row r, or column c. */
@inline
function rowIndex(task: Task, from: i32, r: i32): i32 {
  return itemsAreRows ? <i32>at<u32>(task.order, from + r) : positionAt(task, r);
}

@inline
function columnIndex(task: Task, from: i32, c: i32): i32 {
  return itemsAreRows ? positionAt(task, c) : <i32>at<u32>(task.order, from + c);
}

/** Row r of Q, into `line`. */
@inline
function writeRow(r: i32, line: usize): void {
  const k = rowOf(kernel, r);
  const scale = f64x2.splat(1 / dot(k, factor));
  for (let c = 0; c < n; c += 2) {
    const q = f64x2.mul(f64x2.mul(v128.load(ptr<f64>(k, c)), v128.load(ptr<f64>(factor, c))), scale);
    v128.store(ptr<f64>(line, c), q);
  }
}

export function transport<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    n = <i32>at<u32>(task.offsets, q + 1) - from;
    put<f64>(task.facts, q, 0);
    if (n == 0) continue;
    open<T>(task, from, scratch, true);
    absorb();
    evaluate();
    const patience = 16 + n / 4;
    for (let t = 0, pause = 0; t < task.i2 && residual > task.p2; t++) {
      iterate();
      if (++pause < patience) continue;
      polish();
      pause = 0;
    }
    polish();
    put<f64>(task.facts, q, residual);
    memory.copy(ptr<f64>(task.state, from), dual, <usize>n << 3);
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    for (let r = 0; r < n; r++) {
      writeRow(r, buffer);
      const index = rowIndex(task, from, r);
      if (task.i0 == matrixOperator) {
        for (let c = 0; c < n; c++) putNum<T>(y, index * n + columnIndex(task, from, c), at<f64>(buffer, c));
      } else putNum<T>(y, index, base + dot(buffer, worth));
    }
  }
}

/** The gradient in the logits of row r at constant v, into `line`; q is its row of Q. */
@inline
function pullLogits<T>(task: Task, from: i32, yBar: usize, r: i32, q: usize, line: usize): void {
  const index = rowIndex(task, from, r);
  if (task.i0 == matrixOperator) {
    for (let c = 0; c < n; c++) put<f64>(line, c, num<T>(yBar, index * n + columnIndex(task, from, c)));
    const mean = f64x2.splat(dot(q, line));
    for (let c = 0; c < n; c += 2) {
      const there = ptr<f64>(line, c);
      v128.store(there, f64x2.mul(v128.load(ptr<f64>(q, c)), f64x2.sub(v128.load(there), mean)));
    }
    return;
  }
  const u = f64x2.splat(num<T>(yBar, index));
  const mean = f64x2.splat(dot(q, worth));
  for (let c = 0; c < n; c += 2) {
    const apart = f64x2.sub(v128.load(ptr<f64>(worth, c)), mean);
    v128.store(ptr<f64>(line, c), f64x2.mul(v128.load(ptr<f64>(q, c)), f64x2.mul(u, apart)));
  }
}

/** d Z / d x of an item at x and a position at y, but for terms of the item alone. */
@inline
function slope(x: f64, y: f64): f64 {
  if (!absolute) return (2 * (y - 0.5)) / epsilon;
  return y > x ? 1 / epsilon : y < x ? -1 / epsilon : 0;
}

export function pullTransport<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  for (let row = first; row < end; row++) {
    const from = <i32>at<u32>(task.offsets, row);
    n = <i32>at<u32>(task.offsets, row + 1) - from;
    if (n == 0) continue;
    open<T>(task, from, scratch, false);
    memory.copy(dual, ptr<f64>(task.state, from), <usize>n << 3);
    absorb();
    evaluate();
    factorise();
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, row));
    const xBar = ptr<T>(task.xBar, from);
    // Z has no more use: rows of Q go to the first matrix, gradients to the second.
    for (let c = 0; c < n; c++) put<f64>(held, c, at<f64>(factor, c));
    clear(step);
    for (let r = 0; r < n; r++) {
      const q = rowOf(logits, r);
      clear(q);
      writeRow(r, q);
      const g = rowOf(kernel, r);
      pullLogits<T>(task, from, yBar, r, q, g);
      for (let c = n; c < stride; c++) put<f64>(g, c, 0);
      add(step, g, 1, 0);
    }
    solve(step);
    const gradient = pulled;
    const direct = buffer;
    clear(gradient);
    clear(direct);
    for (let r = 0; r < n; r++) {
      const q = rowOf(logits, r);
      const g = rowOf(kernel, r);
      const p = at<f64>(rowMass, r);
      const mean = dot(q, step);
      const x = at<f64>(rowPlace, r);
      let sum: f64 = 0;
      for (let c = 0; c < n; c++) {
        const total = at<f64>(g, c) - p * at<f64>(q, c) * (at<f64>(step, c) - mean);
        if (itemsAreRows) sum += total * slope(x, at<f64>(target, c));
        else put<f64>(gradient, c, at<f64>(gradient, c) + total * slope(at<f64>(place, c), x));
      }
      if (itemsAreRows) put<f64>(gradient, r, sum);
      else if (task.i0 != matrixOperator) add(direct, q, num<T>(yBar, rowIndex(task, from, r)), 0);
    }
    if (squashes) pullSquash(gradient);
    for (let i = 0; i < n; i++) {
      putNum<T>(xBar, <i32>at<u32>(task.order, from + i), at<f64>(gradient, i) + at<f64>(direct, i));
    }
  }
}
