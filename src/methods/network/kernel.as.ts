/**
 * Relaxed sorting networks, in place: a comparator reads two wires, decides how much of them it exchanges, and writes both back.
 * Comparators are enumerated by loops, never listed; two of a layer are decided at once, as they share no wire.
 *
 *   alpha = f(b - a), kappa = alpha + f'(d) d:  values mix by alpha, their derivatives by kappa (methods/network/swaps.ts)
 *
 * sort keeps kappa for the backward pass; topk and matrix keep alpha, kappa and f', and two numbers more a comparator.
 *
 * i0: 0 sort, 1 topk, 2 matrix. i1: 0 odd-even, 1 bitonic. i2: distribution. i3: error-free. p0: steepness, p1: sign, p2: k.
 */

import { atan64x2 } from '../../engine/library/atan.as';
import { exp64x2 } from '../../engine/library/exp.as';
import { normalDensity64x2, normalTail64x2 } from '../../engine/library/normal.as';
import { at, num, ptr, put, putNum, Task } from '../../engine/library/task.as';

const sortOperator: i32 = 0;
const topkOperator: i32 = 1;
const oddEven: i32 = 0;

const logistic: i32 = 0;
const art: i32 = 1;
const gaussian: i32 = 2;
const reciprocal: i32 = 3;
const cauchy: i32 = 4;
const artFloor: f64 = 1e-10;
const inversePi: f64 = 0.3183098861837907;

export function networkScratch(n: i32): usize {
  return 3 * (<usize>(n + 2) << 3);
}

/** No fewer than a network of n wires has; methods/network/kernels.ts counts the same way. */
@inline
function mostComparators(kind: i32, n: i32): i32 {
  if (n < 2) return 0;
  if (kind == oddEven) return <i32>((<i64>n * <i64>(n - 1)) / 2);
  let depth = 0;
  while (1 << depth < n) depth++;
  return ((depth * (depth + 1)) / 2) * (n >> 1);
}

/** What a visit does at every comparator. */
const decide: i32 = 0;
const mixByKappa: i32 = 1;
const mixByAlpha: i32 = 2;
const recordAndMix: i32 = 3;
const pullAndMix: i32 = 4;
const finishPull: i32 = 5;

let wires: usize = 0;
let other: usize = 0;
let alpha: usize = 0;
let kappa: usize = 0;
let slope: usize = 0;
let difference: usize = 0;
let alphaBar: usize = 0;
let steepness: f64 = 0;
let distribution: i32 = 0;
let errorFree: bool = false;
let keepsAll: bool = false;
let heldI: i32 = -1;
let heldJ: i32 = 0;
let heldC: i32 = 0;

/** f(-v) and f'(v) of the distances of two comparators, as `tails` and `slopes`. */
@inline
function decideTwo(i0: i32, j0: i32, c0: i32, i1: i32, j1: i32, c1: i32): void {
  const a = f64x2(at<f64>(wires, i0), at<f64>(wires, i1));
  const b = f64x2(at<f64>(wires, j0), at<f64>(wires, j1));
  const size = f64x2.abs(f64x2.sub(b, a));
  const steep = f64x2.splat(steepness);
  const one = f64x2.splat(1);
  const v = f64x2.mul(steep, size);
  let tail = one;
  let rise = one;
  if (distribution == cauchy) {
    const far = f64x2.gt(v, one);
    const angle = f64x2.mul(atan64x2(v128.bitselect(f64x2.div(one, v), v, far)), f64x2.splat(inversePi));
    tail = v128.bitselect(angle, f64x2.sub(f64x2.splat(0.5), angle), far);
    rise = f64x2.div(f64x2.splat(inversePi), f64x2.add(one, f64x2.mul(v, v)));
  } else if (distribution == reciprocal) {
    tail = f64x2.div(one, f64x2.add(f64x2.splat(2), v));
    rise = f64x2.mul(tail, tail);
  } else if (distribution == gaussian) {
    rise = normalDensity64x2(v);
    tail = normalTail64x2(rise, v);
  } else if (distribution == logistic || distribution == art) {
    let power = v;
    let bend = one;
    if (distribution == art) {
      const raised = f64x2.add(size, f64x2.splat(artFloor));
      const root = f64x2.sqrt(f64x2.sqrt(raised));
      power = f64x2.div(v, root);
      const share = f64x2.mul(f64x2.splat(0.25), f64x2.div(size, raised));
      bend = f64x2.div(f64x2.sub(one, share), root);
    }
    const e = exp64x2(f64x2.neg(power));
    const q = f64x2.div(one, f64x2.add(one, e));
    tail = f64x2.mul(e, q);
    rise = f64x2.mul(f64x2.mul(tail, q), bend);
  } else {
    const near = f64x2.le(v, f64x2.splat(0.25));
    const inverse = f64x2.div(f64x2.splat(0.0625), v);
    tail = v128.bitselect(f64x2.sub(f64x2.splat(0.5), v), inverse, near);
    rise = v128.bitselect(one, f64x2.div(inverse, v), near);
  }
  rise = f64x2.mul(rise, steep);
  const ordered = f64x2.ge(b, a);
  const bounded = f64x2.sub(tail, f64x2.mul(rise, size));
  const k = v128.bitselect(f64x2.sub(one, bounded), bounded, ordered);
  const moved = errorFree ? f64x2.splat(0) : f64x2.mul(tail, size);
  const low = f64x2.add(f64x2.pmin(a, b), moved);
  const high = f64x2.sub(f64x2.pmax(a, b), moved);
  put<f64>(wires, i0, f64x2.extract_lane(low, 0));
  put<f64>(wires, j0, f64x2.extract_lane(high, 0));
  put<f64>(kappa, c0, f64x2.extract_lane(k, 0));
  put<f64>(wires, i1, f64x2.extract_lane(low, 1));
  put<f64>(wires, j1, f64x2.extract_lane(high, 1));
  put<f64>(kappa, c1, f64x2.extract_lane(k, 1));
  if (!keepsAll) return;
  const stay = errorFree
    ? v128.and(ordered, one)
    : v128.bitselect(f64x2.sub(one, tail), tail, ordered);
  put<f64>(alpha, c0, f64x2.extract_lane(stay, 0));
  put<f64>(slope, c0, f64x2.extract_lane(rise, 0));
  put<f64>(alpha, c1, f64x2.extract_lane(stay, 1));
  put<f64>(slope, c1, f64x2.extract_lane(rise, 1));
}

/** Symmetric, and so its own transpose. */
@inline
function mix(row: usize, i: i32, j: i32, k: f64): void {
  const a = at<f64>(row, i);
  const b = at<f64>(row, j);
  put<f64>(row, i, k * a + (1 - k) * b);
  put<f64>(row, j, (1 - k) * a + k * b);
}

@inline
function visit(what: i32, i: i32, j: i32, c: i32): void {
  if (what == decide) {
    if (heldI < 0) {
      heldI = i;
      heldJ = j;
      heldC = c;
    } else {
      decideTwo(heldI, heldJ, heldC, i, j, c);
      heldI = -1;
    }
  } else if (what == mixByKappa) mix(wires, i, j, at<f64>(kappa, c));
  else if (what == mixByAlpha) mix(wires, i, j, at<f64>(alpha, c));
  else if (what == recordAndMix) {
    put<f64>(difference, c, at<f64>(other, i) - at<f64>(other, j));
    mix(other, i, j, at<f64>(alpha, c));
  } else if (what == pullAndMix) {
    const apart = at<f64>(wires, i) - at<f64>(wires, j);
    put<f64>(alphaBar, c, at<f64>(alphaBar, c) + apart * at<f64>(difference, c));
    mix(wires, i, j, at<f64>(alpha, c));
  } else {
    mix(wires, i, j, at<f64>(kappa, c));
    const pulled = at<f64>(alphaBar, c) * at<f64>(slope, c);
    put<f64>(wires, j, at<f64>(wires, j) + pulled);
    put<f64>(wires, i, at<f64>(wires, i) - pulled);
  }
}

/** The comparator that is left over at the end of a layer is decided twice, to the same end. */
@inline
function endLayer(what: i32): void {
  if (what == decide && heldI >= 0) {
    decideTwo(heldI, heldJ, heldC, heldI, heldJ, heldC);
    heldI = -1;
  }
}

/** All comparators from the first layer to the last. */
function forwards(what: i32, kind: i32, n: i32): void {
  let c = 0;
  if (kind == oddEven) {
    for (let layer = 0; layer < n; layer++) {
      for (let i = layer & 1; i + 1 < n; i += 2) visit(what, i, i + 1, c++);
      endLayer(what);
    }
    return;
  }
  for (let size = 2; size < 2 * n; size *= 2) {
    for (let start = 0; start < n; start += size) {
      for (let i = 0; i < size / 2; i++) {
        const j = start + size - 1 - i;
        if (j < n) visit(what, start + i, j, c++);
      }
    }
    endLayer(what);
    for (let half = size / 4; half >= 1; half /= 2) {
      for (let i = 0; i + half < n; i++) if ((i & half) == 0) visit(what, i, i + half, c++);
      endLayer(what);
    }
  }
}

/** Those of a layer, in any order; c is the number of its first one. */
@inline
function countMirrored(n: i32, size: i32): i32 {
  let count = 0;
  for (let start = 0; start < n; start += size) {
    // Partners start + size - 1 - i that exist.
    const missing = max(0, start + size - n);
    count += max(0, size / 2 - missing);
  }
  return count;
}

@inline
function countStrided(n: i32, half: i32): i32 {
  const whole = n / (2 * half);
  return whole * half + max(0, min(half, n - whole * 2 * half - half));
}

/** All comparators from the last layer to the first. `total` is how many there are. */
function backwards(what: i32, kind: i32, n: i32, total: i32): void {
  let c = total;
  if (kind == oddEven) {
    for (let layer = n - 1; layer >= 0; layer--) {
      const count = (n - (layer & 1)) / 2;
      c -= count;
      let k = c;
      for (let i = layer & 1; i + 1 < n; i += 2) visit(what, i, i + 1, k++);
    }
    return;
  }
  let top = 1;
  while (top < n) top *= 2;
  for (let size = top; size >= 2; size /= 2) {
    for (let half = 1; half <= size / 4; half *= 2) {
      c -= countStrided(n, half);
      let k = c;
      for (let i = 0; i + half < n; i++) if ((i & half) == 0) visit(what, i, i + half, k++);
    }
    c -= countMirrored(n, size);
    let k = c;
    for (let start = 0; start < n; start += size) {
      for (let i = 0; i < size / 2; i++) {
        const j = start + size - 1 - i;
        if (j < n) visit(what, start + i, j, k++);
      }
    }
  }
}

@inline
function countAll(kind: i32, n: i32): i32 {
  if (kind == oddEven) return mostComparators(kind, n);
  let total = 0;
  for (let size = 2; size < 2 * n; size *= 2) {
    total += countMirrored(n, size);
    for (let half = size / 4; half >= 1; half /= 2) total += countStrided(n, half);
  }
  return total;
}

/** Points the arrays at the state of the row at `offset` numbers; answers how many numbers it has. */
@inline
function openRow(task: Task, n: i32, offset: usize, scratch: usize): usize {
  const most = <usize>mostComparators(task.i1, n);
  steepness = task.p0;
  distribution = task.i2;
  errorFree = task.i3 != 0;
  keepsAll = task.i0 != sortOperator;
  const base = task.state + (offset << 3);
  kappa = base;
  alpha = base + (most << 3);
  slope = alpha + (most << 3);
  difference = slope + (most << 3);
  alphaBar = difference + (most << 3);
  wires = scratch;
  other = ptr<f64>(scratch, n + 2);
  return keepsAll ? 5 * most : most;
}

@inline
function offsetOf(task: Task, row: i32): usize {
  let offset: usize = 0;
  for (let q = 0; q < row; q++) {
    const n = <i32>(at<u32>(task.offsets, q + 1) - at<u32>(task.offsets, q));
    offset += <usize>mostComparators(task.i1, n) * (task.i0 != sortOperator ? 5 : 1);
  }
  return offset;
}

/** Wire of position i. */
@inline
function wireOf(task: Task, i: i32, n: i32): i32 {
  return task.p1 > 0 ? i : n - 1 - i;
}

/** What the wires are worth at the end: k of them (topk), or the one of position i (matrix). */
@inline
function select(task: Task, n: i32, i: i32): void {
  for (let p = 0; p < n; p++) {
    const worth: f64 = task.i0 == topkOperator ? min<f64>(1, max<f64>(0, task.p2 - <f64>p)) : p == i ? 1 : 0;
    put<f64>(wires, wireOf(task, p, n), worth);
  }
}

export function network<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  let offset = offsetOf(task, first);
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const y = ptr<T>(task.y, <i32>at<u32>(task.outputs, q));
    offset += openRow(task, n, offset, scratch);
    for (let i = 0; i < n; i++) put<f64>(wires, i, num<T>(task.x, from + i));
    heldI = -1;
    forwards(decide, task.i1, n);
    if (task.i0 == sortOperator) {
      for (let i = 0; i < n; i++) putNum<T>(y, i, at<f64>(wires, wireOf(task, i, n)));
      continue;
    }
    const total = countAll(task.i1, n);
    const rows = task.i0 == topkOperator ? 1 : n;
    for (let i = 0; i < rows; i++) {
      select(task, n, i);
      backwards(mixByAlpha, task.i1, n, total);
      for (let j = 0; j < n; j++) putNum<T>(y, i * n + j, at<f64>(wires, j));
    }
  }
}

export function pullNetwork<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  let offset = offsetOf(task, first);
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, <i32>at<u32>(task.outputs, q));
    offset += openRow(task, n, offset, scratch);
    const total = countAll(task.i1, n);
    if (task.i0 == sortOperator) {
      for (let i = 0; i < n; i++) put<f64>(wires, wireOf(task, i, n), num<T>(yBar, i));
      backwards(mixByKappa, task.i1, n, total);
    } else {
      memory.fill(alphaBar, 0, <usize>total << 3);
      const rows = task.i0 == topkOperator ? 1 : n;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < n; j++) put<f64>(other, j, num<T>(yBar, i * n + j));
        forwards(recordAndMix, task.i1, n);
        select(task, n, i);
        backwards(pullAndMix, task.i1, n, total);
      }
      for (let i = 0; i < n; i++) put<f64>(wires, i, 0);
      backwards(finishPull, task.i1, n, total);
    }
    for (let i = 0; i < n; i++) putNum<T>(task.xBar, from + i, at<f64>(wires, i));
  }
}
