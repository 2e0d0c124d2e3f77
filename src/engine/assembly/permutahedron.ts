/**
 * Projection on the permutahedron (Blondel et al. 2020), O(n) after the sort.
 *
 * Pool adjacent violators as a stack of blocks. Everything is kept relative to the first item of a block, so that
 * an offset costs no digits, and blocks are compared by cross products, so that nothing is divided:
 *
 *   l2   S = sum of (d_i - d_start), d = a - eps b; p and q merge when S_p c_q - S_q c_p <= (d_q - d_p) c_p c_q
 *   kl   E = sum of exp((a_i - a_start) / eps), W the same of b; p and q merge when
 *        E_p W_q exp(b_q - b_p) <= E_q W_p exp((a_q - a_p) / eps),
 *
 * where the exponentials between starts are running products of those between neighbours: one exponential an item.
 * Where both sides may underflow (sort) their logarithms are compared.
 *
 * State: u32 starts[items + rows], u32 counts[rows], f64 p[items] (kl: softmax weights within the block).
 */

import { argsortScratch, argsortValues } from './argsort';
import { exp, exp64x2, exp64x2Short } from './exp';
import { at, num, ptr, put, putNum, Task } from './task';

@inline
function startsOf(task: Task, q: i32): usize {
  return ptr<u32>(task.state, <i32>at<u32>(task.offsets, q) + q);
}

/** `rows` in i0, `items` in i1. */
@inline
function countAt(task: Task, q: i32): usize {
  return ptr<u32>(task.state, task.i0 + task.i1 + q);
}

@inline
function weightsOf(task: Task, start: i32): usize {
  const bytes = (<usize>(2 * task.i0 + task.i1) * 4 + 7) & ~7;
  return task.state + bytes + (<usize>start << 3);
}

/** exp((v_i - v_(i-1)) * scale) for i = 1, ..., n - 1; entry 0 is 1. */
function neighbourExponentials<T>(v: usize, n: i32, scale: f64, out: usize): void {
  if (n == 0) return;
  put<f64>(out, 0, 1);
  let i = 1;
  const factor = f64x2.splat(scale);
  for (; i + 1 < n; i += 2) {
    const gap = f64x2.sub(v128.load(ptr<f64>(v, i)), v128.load(ptr<f64>(v, i - 1)));
    const power = f64x2.mul(gap, factor);
    v128.store(ptr<f64>(out, i), sizeof<T>() == 4 ? exp64x2Short(power) : exp64x2(power));
  }
  for (; i < n; i++) put<f64>(out, i, exp((at<f64>(v, i) - at<f64>(v, i - 1)) * scale));
}

/**
 * Pools the differences d_i = v_i * vScale + i * slope, v descending: sort and rank differ in which of a, b is the ramp.
 * Answers the number of blocks. `sums`: f64[n] of scratch.
 */
@inline
function poolL2(v: usize, n: i32, vScale: f64, slope: f64, starts: usize, sums: usize): i32 {
  let last = -1;
  for (let i = 0; i < n; i++) {
    let start = i;
    let sum: f64 = 0;
    let value = at<f64>(v, i);
    let count: f64 = 1;
    while (last >= 0) {
      const p = <i32>at<u32>(starts, last);
      const before = <f64>(start - p);
      const other = at<f64>(v, p);
      const gap = (value - other) * vScale + before * slope;
      const sumBefore = at<f64>(sums, last);
      if (sumBefore * count - sum * before > gap * before * count) break;
      sum += sumBefore + count * gap;
      count += before;
      value = other;
      start = p;
      last--;
    }
    last++;
    put<u32>(starts, last, start);
    put<f64>(sums, last, sum);
  }
  put<u32>(starts, last + 1, n);
  return last + 1;
}

export function rankL2<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const eps = task.p0;
  const sign = task.p1;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const a = scratch;
    const sums = ptr<f64>(a, n);
    argsortValues<T>(x, n, sign > 0, sign, order, a, sums);
    const count = poolL2(a, n, 1, eps, starts, sums);
    store<u32>(countAt(task, q), count);
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      const mean = <f64>n - <f64>(s + e - 1) * 0.5;
      if (e - s == 1 || eps == 0) {
        for (let i = s; i < e; i++) putNum<T>(y, <i32>at<u32>(order, i), mean);
        continue;
      }
      const base = at<f64>(a, s);
      let sum: f64 = 0;
      for (let i = s + 1; i < e; i++) sum += at<f64>(a, i) - base;
      const middle = sum / <f64>(e - s);
      for (let i = s; i < e; i++) putNum<T>(y, <i32>at<u32>(order, i), mean + (at<f64>(a, i) - base - middle) / eps);
    }
  }
}

export function pullRankL2<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  const eps = task.p0;
  const factor = task.p1 / eps;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const count = <i32>load<u32>(countAt(task, q));
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      if (e - s == 1 || eps == 0) {
        for (let i = s; i < e; i++) putNum<T>(xBar, <i32>at<u32>(order, i), 0);
        continue;
      }
      let sum: f64 = 0;
      for (let i = s; i < e; i++) sum += num<T>(yBar, <i32>at<u32>(order, i));
      const mean = sum / <f64>(e - s);
      for (let i = s; i < e; i++) {
        const j = <i32>at<u32>(order, i);
        putNum<T>(xBar, j, factor * (num<T>(yBar, j) - mean));
      }
    }
  }
}

export function sortL2<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const eps = task.p0;
  const sign = task.p1;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const b = scratch;
    const sums = ptr<f64>(b, n);
    argsortValues<T>(x, n, sign > 0, sign, order, b, sums);
    const count = poolL2(b, n, -eps, -1, starts, sums);
    store<u32>(countAt(task, q), count);
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      const base = at<f64>(b, s);
      if (e - s == 1) {
        putNum<T>(y, s, sign * base);
        continue;
      }
      let sum: f64 = 0;
      for (let i = s + 1; i < e; i++) sum += at<f64>(b, i) - base;
      const mean = base + sum / <f64>(e - s);
      const middle = <f64>(s + e - 1) * 0.5;
      const step = eps == 0 ? 0 : 1 / eps;
      for (let i = s; i < e; i++) putNum<T>(y, i, sign * (mean + (middle - <f64>i) * step));
    }
  }
}

export function pullSortL2<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const count = <i32>load<u32>(countAt(task, q));
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      let sum: f64 = 0;
      for (let i = s; i < e; i++) sum += num<T>(yBar, i);
      const mean = sum / <f64>(e - s);
      for (let i = s; i < e; i++) putNum<T>(xBar, <i32>at<u32>(order, i), mean);
    }
  }
}

/** Below it a product may have lost digits to underflow. */
const tiny: f64 = 1e-280;

/** r_i = W_B p_i, p = softmax(a_B / eps), W_B the sum of the ranks n - i of block B. */
export function rankKl<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const eps = task.p0;
  const sign = task.p1;
  const inverse = 1 / eps;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const p = weightsOf(task, from);
    const a = scratch;
    const E = ptr<f64>(a, n);
    const links = ptr<f64>(E, n);
    argsortValues<T>(x, n, sign > 0, sign, order, a, E);
    // For now p holds the exponentials between neighbours.
    neighbourExponentials<T>(a, n, inverse, p);
    let last = -1;
    /** Of the block on top: exp((a at its last item - a at its start) / eps). */
    let topSpan: f64 = 1;
    for (let i = 0; i < n; i++) {
      let start = i;
      let sum: f64 = 1;
      let span: f64 = 1;
      let link = topSpan * at<f64>(p, i);
      let ranks = <f64>(n - i);
      while (last >= 0) {
        const s = <i32>at<u32>(starts, last);
        const sumBefore = at<f64>(E, last);
        const ranksBefore = <f64>(start - s) * (<f64>(n - s) - <f64>(start - s - 1) * 0.5);
        const left = sumBefore * ranks;
        const right = link * sum * ranksBefore;
        if (left > right) break;
        sum = sumBefore + link * sum;
        span = link * span;
        ranks += ranksBefore;
        link = at<f64>(links, last);
        start = s;
        last--;
      }
      last++;
      put<u32>(starts, last, start);
      put<f64>(E, last, sum);
      put<f64>(links, last, link);
      topSpan = span;
    }
    put<u32>(starts, last + 1, n);
    store<u32>(countAt(task, q), last + 1);
    for (let k = 0; k <= last; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      const ranks = <f64>(e - s) * (<f64>n - <f64>(s + e - 1) * 0.5);
      let weight = 1 / at<f64>(E, k);
      for (let i = s; i < e; i++) {
        if (i > s) weight *= at<f64>(p, i);
        put<f64>(p, i, weight);
        putNum<T>(y, <i32>at<u32>(order, i), ranks * weight);
      }
    }
  }
}

/** The VJP in a: r_i (u_i - p . u) / eps. */
export function pullRankKl<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  const factor = task.p1 / task.p0;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const p = weightsOf(task, from);
    const count = <i32>load<u32>(countAt(task, q));
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      if (e - s == 1) {
        putNum<T>(xBar, <i32>at<u32>(order, s), 0);
        continue;
      }
      const ranks = <f64>(e - s) * (<f64>n - <f64>(s + e - 1) * 0.5) * factor;
      let mean: f64 = 0;
      for (let i = s; i < e; i++) mean += at<f64>(p, i) * num<T>(yBar, <i32>at<u32>(order, i));
      for (let i = s; i < e; i++) {
        const j = <i32>at<u32>(order, i);
        putNum<T>(xBar, j, ranks * at<f64>(p, i) * (num<T>(yBar, j) - mean));
      }
    }
  }
}

/** s_i = a_i / eps - LSE(a_B / eps) + LSE(b_B), a the ramp and b the values. */
export function sortKl<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const inverse = 1 / task.p0;
  const sign = task.p1;
  const step = exp(-inverse);
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const x = ptr<T>(task.x, from);
    const y = ptr<T>(task.y, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const p = weightsOf(task, from);
    const b = scratch;
    const E = ptr<f64>(b, n);
    const W = ptr<f64>(E, n);
    const linksA = ptr<f64>(W, n);
    const linksB = ptr<f64>(linksA, n);
    argsortValues<T>(x, n, sign > 0, sign, order, b, E);
    neighbourExponentials<T>(b, n, 1, p);
    let last = -1;
    let topSpanA: f64 = 1;
    let topSpanB: f64 = 1;
    for (let i = 0; i < n; i++) {
      let start = i;
      let sumA: f64 = 1;
      let sumB: f64 = 1;
      let spanA: f64 = 1;
      let spanB: f64 = 1;
      let linkA = topSpanA * step;
      let linkB = topSpanB * at<f64>(p, i);
      while (last >= 0) {
        const s = <i32>at<u32>(starts, last);
        const beforeA = at<f64>(E, last);
        const beforeB = at<f64>(W, last);
        const left = beforeA * linkB * sumB;
        const right = linkA * sumA * beforeB;
        if (left > right || (left < tiny && right < tiny)) {
          if (right > tiny) break;
          const gapA = -<f64>(start - s) * inverse;
          const gapB = at<f64>(b, start) - at<f64>(b, s);
          if (Math.log(beforeA / beforeB) + gapB > gapA + Math.log(sumA / sumB)) break;
        }
        sumA = beforeA + linkA * sumA;
        sumB = beforeB + linkB * sumB;
        spanA = linkA * spanA;
        spanB = linkB * spanB;
        linkA = at<f64>(linksA, last);
        linkB = at<f64>(linksB, last);
        start = s;
        last--;
      }
      last++;
      put<u32>(starts, last, start);
      put<f64>(E, last, sumA);
      put<f64>(W, last, sumB);
      put<f64>(linksA, last, linkA);
      put<f64>(linksB, last, linkB);
      topSpanA = spanA;
      topSpanB = spanB;
    }
    put<u32>(starts, last + 1, n);
    store<u32>(countAt(task, q), last + 1);
    for (let k = 0; k <= last; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      const base = at<f64>(b, s);
      if (e - s == 1) {
        put<f64>(p, s, 1);
        putNum<T>(y, s, sign * base);
        continue;
      }
      const shift = Math.log(at<f64>(E, k) / at<f64>(W, k));
      let weight = 1 / at<f64>(W, k);
      for (let i = s; i < e; i++) {
        if (i > s) weight *= at<f64>(p, i);
        put<f64>(p, i, weight);
        putNum<T>(y, i, sign * (base - (<f64>(i - s) * inverse + shift)));
      }
    }
  }
}

/** The VJP in b: softmax(b_B) times the sum of u over B. */
export function pullSortKl<T>(task: Task, first: i32, end: i32, _scratch: usize): void {
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const yBar = ptr<T>(task.yBar, from);
    const xBar = ptr<T>(task.xBar, from);
    const order = ptr<u32>(task.order, from);
    const starts = startsOf(task, q);
    const p = weightsOf(task, from);
    const count = <i32>load<u32>(countAt(task, q));
    for (let k = 0; k < count; k++) {
      const s = <i32>at<u32>(starts, k);
      const e = <i32>at<u32>(starts, k + 1);
      let sum: f64 = 0;
      for (let i = s; i < e; i++) sum += num<T>(yBar, i);
      for (let i = s; i < e; i++) putNum<T>(xBar, <i32>at<u32>(order, i), sum * at<f64>(p, i));
    }
  }
}

/** Bytes of scratch for rows of up to n items. */
export function permutahedronScratch(n: i32): usize {
  return <usize>n * 48 + argsortScratch(n);
}
