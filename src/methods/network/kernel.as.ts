/**
 * Relaxed sorting networks, in place: a comparator reads two wires, decides how much of them it exchanges, and writes both back.
 * Comparators are enumerated by loops, never listed; two of a layer are decided at once, as they share no wire.
 *
 *   alpha = f(b - a), kappa = alpha + f'(d) d:  values mix by alpha, their derivatives by kappa (methods/network/swaps.ts)
 *
 * sort keeps kappa for the backward pass; topk and matrix keep alpha and 1 - alpha (computed as such: small entries of P keep
 * their digits), kappa and f', and two numbers more a comparator.
 */

import { atan64x2 } from '../../engine/library/atan.as'
import { exp64x2 } from '../../engine/library/exp.as'
import { normalDensity64x2, normalTail64x2 } from '../../engine/library/normal.as'
import { at, bytesOf, num, Operator, ptr, put, putNum, Task } from '../../engine/library/task.as'

export const enum NetworkKind {
  oddEven,
  bitonic,
}

export const enum Distribution {
  logistic,
  art,
  gaussian,
  reciprocal,
  cauchy,
  optimal,
}

@unmanaged
export class NetworkTask extends Task {
  operator: Operator
  network: NetworkKind
  distribution: Distribution
  /** Not 0: values are exchanged as wholes, derivatives softly. */
  errorFree: i32
  steepness: f64
  /** +1 ascending, -1 descending. */
  sign: f64
  /** topk: how many items. */
  k: f64
}

/** sort keeps one number a comparator, the others six. */
export function networkState(task: NetworkTask, n: i32): usize {
  return usize(mostComparators(task.network, n)) * (task.operator == Operator.sort ? 8 : 48)
}
const artFloor: f64 = 1e-10
const inversePi: f64 = 0.3183098861837907

export function networkScratch(_task: NetworkTask, n: i32): usize {
  return bytesOf<Net>() + 2 * (usize(n + 2) << 3)
}

/** No fewer than a network of n wires has. */
@inline
function mostComparators(kind: i32, n: i32): i32 {
  if (n < 2) return 0
  if (kind == NetworkKind.oddEven) return i32((i64(n) * i64(n - 1)) / 2)
  let depth = 0
  while (1 << depth < n) depth++
  return ((depth * (depth + 1)) / 2) * (n >> 1)
}

/** What a visit does at every comparator. */
const decide: i32 = 0
const mixByKappa: i32 = 1
const mixByAlpha: i32 = 2
const recordAndMix: i32 = 3
const pullAndMix: i32 = 4
const finishPull: i32 = 5

/** The network of the row: its wires, and what its comparators leave behind. */
@unmanaged
class Net {
  wires: usize
  other: usize
  alpha: usize
  exchange: usize
  kappa: usize
  slope: usize
  difference: usize
  alphaBar: usize
  steepness: f64
  distribution: Distribution
  errorFree: bool
  keepsAll: bool
  heldI: i32
  heldJ: i32
  heldC: i32
}

/** f(-v) and f'(v) of the distances of two comparators, as `tails` and `slopes`. */
@inline
function decideTwo(net: Net, i0: i32, j0: i32, c0: i32, i1: i32, j1: i32, c1: i32): void {
  const a = f64x2(at<f64>(net.wires, i0), at<f64>(net.wires, i1))
  const b = f64x2(at<f64>(net.wires, j0), at<f64>(net.wires, j1))
  const size = f64x2.abs(f64x2.sub(b, a))
  const steep = f64x2.splat(net.steepness)
  const one = f64x2.splat(1)
  const v = f64x2.mul(steep, size)
  let tail = one
  let rise = one
  if (net.distribution == Distribution.cauchy) {
    const far = f64x2.gt(v, one)
    const angle = f64x2.mul(atan64x2(v128.bitselect(f64x2.div(one, v), v, far)), f64x2.splat(inversePi))
    tail = v128.bitselect(angle, f64x2.sub(f64x2.splat(0.5), angle), far)
    rise = f64x2.div(f64x2.splat(inversePi), f64x2.add(one, f64x2.mul(v, v)))
  } else if (net.distribution == Distribution.reciprocal) {
    tail = f64x2.div(one, f64x2.add(f64x2.splat(2), v))
    rise = f64x2.mul(tail, tail)
  } else if (net.distribution == Distribution.gaussian) {
    rise = normalDensity64x2(v)
    tail = normalTail64x2(rise, v)
  } else if (net.distribution == Distribution.logistic || net.distribution == Distribution.art) {
    let power = v
    let bend = one
    if (net.distribution == Distribution.art) {
      const raised = f64x2.add(size, f64x2.splat(artFloor))
      const root = f64x2.sqrt(f64x2.sqrt(raised))
      power = f64x2.div(v, root)
      const share = f64x2.mul(f64x2.splat(0.25), f64x2.div(size, raised))
      bend = f64x2.div(f64x2.sub(one, share), root)
    }
    const e = exp64x2(f64x2.neg(power))
    const q = f64x2.div(one, f64x2.add(one, e))
    tail = f64x2.mul(e, q)
    rise = f64x2.mul(f64x2.mul(tail, q), bend)
  } else {
    const near = f64x2.le(v, f64x2.splat(0.25))
    const inverse = f64x2.div(f64x2.splat(0.0625), v)
    tail = v128.bitselect(f64x2.sub(f64x2.splat(0.5), v), inverse, near)
    rise = v128.bitselect(one, f64x2.div(inverse, v), near)
  }
  rise = f64x2.mul(rise, steep)
  const ordered = f64x2.ge(b, a)
  const bounded = f64x2.sub(tail, f64x2.mul(rise, size))
  const k = v128.bitselect(f64x2.sub(one, bounded), bounded, ordered)
  const moved = net.errorFree ? f64x2.splat(0) : f64x2.mul(tail, size)
  const low = f64x2.add(f64x2.pmin(a, b), moved)
  const high = f64x2.sub(f64x2.pmax(a, b), moved)
  put<f64>(net.wires, i0, f64x2.extract_lane(low, 0))
  put<f64>(net.wires, j0, f64x2.extract_lane(high, 0))
  put<f64>(net.kappa, c0, f64x2.extract_lane(k, 0))
  put<f64>(net.wires, i1, f64x2.extract_lane(low, 1))
  put<f64>(net.wires, j1, f64x2.extract_lane(high, 1))
  put<f64>(net.kappa, c1, f64x2.extract_lane(k, 1))
  if (!net.keepsAll) return
  const less = net.errorFree ? f64x2.splat(0) : tail
  const more = f64x2.sub(one, less)
  const stay = v128.bitselect(more, less, ordered)
  const leave = v128.bitselect(less, more, ordered)
  put<f64>(net.alpha, c0, f64x2.extract_lane(stay, 0))
  put<f64>(net.exchange, c0, f64x2.extract_lane(leave, 0))
  put<f64>(net.slope, c0, f64x2.extract_lane(rise, 0))
  put<f64>(net.alpha, c1, f64x2.extract_lane(stay, 1))
  put<f64>(net.exchange, c1, f64x2.extract_lane(leave, 1))
  put<f64>(net.slope, c1, f64x2.extract_lane(rise, 1))
}

/** Symmetric, and so its own transpose. */
@inline
function mix(row: usize, i: i32, j: i32, stay: f64, leave: f64): void {
  const a = at<f64>(row, i)
  const b = at<f64>(row, j)
  put<f64>(row, i, stay * a + leave * b)
  put<f64>(row, j, leave * a + stay * b)
}

/** What a pass works on: its wires, and how much of them each comparator keeps. */
@inline
function wiresOf(net: Net, what: i32): usize {
  return what == recordAndMix ? net.other : net.wires
}

@inline
function sharesOf(net: Net, what: i32): usize {
  return what == mixByKappa || what == finishPull ? net.kappa : net.alpha
}

@inline
function visit(net: Net, what: i32, row: usize, shares: usize, i: i32, j: i32, c: i32): void {
  if (what == decide) {
    hold(net, i, j, c)
    return
  }
  if (what == recordAndMix) put<f64>(net.difference, c, at<f64>(row, i) - at<f64>(row, j))
  else if (what == pullAndMix) {
    const apart = at<f64>(row, i) - at<f64>(row, j)
    put<f64>(net.alphaBar, c, at<f64>(net.alphaBar, c) + apart * at<f64>(net.difference, c))
  }
  const stay = at<f64>(shares, c)
  mix(row, i, j, stay, what == mixByKappa || what == finishPull ? 1 - stay : at<f64>(net.exchange, c))
  if (what == finishPull) {
    const pulled = at<f64>(net.alphaBar, c) * at<f64>(net.slope, c)
    put<f64>(row, j, at<f64>(row, j) + pulled)
    put<f64>(row, i, at<f64>(row, i) - pulled)
  }
}

/** Comparators are decided in pairs: the first of one waits. */
@inline
function hold(net: Net, i: i32, j: i32, c: i32): void {
  if (net.heldI < 0) {
    net.heldI = i
    net.heldJ = j
    net.heldC = c
    return
  }
  decideTwo(net, net.heldI, net.heldJ, net.heldC, i, j, c)
  net.heldI = -1
}

/** The comparator that is left over at the end of a layer is decided twice, to the same end. */
@inline
function endLayer(net: Net, what: i32): void {
  if (what == decide && net.heldI >= 0) {
    decideTwo(net, net.heldI, net.heldJ, net.heldC, net.heldI, net.heldJ, net.heldC)
    net.heldI = -1
  }
}

/** All comparators from the first layer to the last. */
function forwards(net: Net, what: i32, kind: i32, n: i32): void {
  const row = wiresOf(net, what)
  const shares = sharesOf(net, what)
  let c = 0
  if (kind == NetworkKind.oddEven) {
    for (let layer = 0; layer < n; layer++) {
      for (let i = layer & 1; i + 1 < n; i += 2) visit(net, what, row, shares, i, i + 1, c++)
      endLayer(net, what)
    }
    return
  }
  for (let size = 2; size < 2 * n; size *= 2) {
    for (let start = 0; start < n; start += size) {
      for (let i = 0; i < size / 2; i++) {
        const j = start + size - 1 - i
        if (j < n) visit(net, what, row, shares, start + i, j, c++)
      }
    }
    endLayer(net, what)
    for (let half = size / 4; half >= 1; half /= 2) {
      for (let i = 0; i + half < n; i++) if ((i & half) == 0) visit(net, what, row, shares, i, i + half, c++)
      endLayer(net, what)
    }
  }
}

/** Those of a layer, in any order; c is the number of its first one. */
@inline
function countMirrored(n: i32, size: i32): i32 {
  let count = 0
  for (let start = 0; start < n; start += size) {
    // Partners start + size - 1 - i that exist.
    const missing = max(0, start + size - n)
    count += max(0, size / 2 - missing)
  }
  return count
}

@inline
function countStrided(n: i32, half: i32): i32 {
  const whole = n / (2 * half)
  return whole * half + max(0, min(half, n - whole * 2 * half - half))
}

/** All comparators from the last layer to the first. `total` is how many there are. */
function backwards(net: Net, what: i32, kind: i32, n: i32, total: i32): void {
  const row = wiresOf(net, what)
  const shares = sharesOf(net, what)
  let c = total
  if (kind == NetworkKind.oddEven) {
    for (let layer = n - 1; layer >= 0; layer--) {
      const count = (n - (layer & 1)) / 2
      c -= count
      let k = c
      for (let i = layer & 1; i + 1 < n; i += 2) visit(net, what, row, shares, i, i + 1, k++)
    }
    return
  }
  let top = 1
  while (top < n) top *= 2
  for (let size = top; size >= 2; size /= 2) {
    for (let half = 1; half <= size / 4; half *= 2) {
      c -= countStrided(n, half)
      let k = c
      for (let i = 0; i + half < n; i++) if ((i & half) == 0) visit(net, what, row, shares, i, i + half, k++)
    }
    c -= countMirrored(n, size)
    let k = c
    for (let start = 0; start < n; start += size) {
      for (let i = 0; i < size / 2; i++) {
        const j = start + size - 1 - i
        if (j < n) visit(net, what, row, shares, start + i, j, k++)
      }
    }
  }
}

@inline
function countAll(kind: i32, n: i32): i32 {
  if (kind == NetworkKind.oddEven) return mostComparators(kind, n)
  let total = 0
  for (let size = 2; size < 2 * n; size *= 2) {
    total += countMirrored(n, size)
    for (let half = size / 4; half >= 1; half /= 2) total += countStrided(n, half)
  }
  return total
}

/** Points the arrays at the state of the row. */
@inline
function openRow(net: Net, task: NetworkTask, n: i32, state: usize, scratch: usize): void {
  const most = usize(mostComparators(task.network, n))
  net.steepness = task.steepness
  net.distribution = task.distribution
  net.errorFree = task.errorFree != 0
  net.keepsAll = task.operator != Operator.sort
  net.kappa = state
  net.alpha = net.kappa + (most << 3)
  net.exchange = net.alpha + (most << 3)
  net.slope = net.exchange + (most << 3)
  net.difference = net.slope + (most << 3)
  net.alphaBar = net.difference + (most << 3)
  net.wires = scratch + bytesOf<Net>()
  net.other = ptr<f64>(net.wires, n + 2)
}

/** Wire of position i. */
@inline
function wireOf(task: NetworkTask, i: i32, n: i32): i32 {
  return task.sign > 0 ? i : n - 1 - i
}

/** What the wires are worth at the end: k of them (topk), or the one of position i (matrix). */
@inline
function select(net: Net, task: NetworkTask, n: i32, i: i32): void {
  for (let p = 0; p < n; p++) {
    const worth: f64 = task.operator == Operator.topk ? min<f64>(1, max<f64>(0, task.k - f64(p))) : p == i ? 1 : 0
    put<f64>(net.wires, wireOf(task, p, n), worth)
  }
}

export function network<T>(task: NetworkTask, n: i32, x: usize, entries: usize, state: usize, scratch: usize): void {
  const net = changetype<Net>(scratch)
  openRow(net, task, n, state, scratch)
  for (let i = 0; i < n; i++) put<f64>(net.wires, i, num<T>(x, i))
  net.heldI = -1
  forwards(net, decide, task.network, n)
  if (task.operator == Operator.sort) {
    for (let i = 0; i < n; i++) putNum<T>(entries, i, at<f64>(net.wires, wireOf(task, i, n)))
    return
  }
  const total = countAll(task.network, n)
  const rows = task.operator == Operator.topk ? 1 : n
  for (let i = 0; i < rows; i++) {
    select(net, task, n, i)
    backwards(net, mixByAlpha, task.network, n, total)
    for (let j = 0; j < n; j++) putNum<T>(entries, i * n + j, at<f64>(net.wires, j))
  }
}

export function pullNetwork<T>(
  task: NetworkTask,
  n: i32,
  entriesBar: usize,
  xBar: usize,
  state: usize,
  scratch: usize,
): void {
  const net = changetype<Net>(scratch)
  openRow(net, task, n, state, scratch)
  const total = countAll(task.network, n)
  if (task.operator == Operator.sort) {
    for (let i = 0; i < n; i++) put<f64>(net.wires, wireOf(task, i, n), num<T>(entriesBar, i))
    backwards(net, mixByKappa, task.network, n, total)
  } else {
    memory.fill(net.alphaBar, 0, usize(total) << 3)
    const rows = task.operator == Operator.topk ? 1 : n
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < n; j++) put<f64>(net.other, j, num<T>(entriesBar, i * n + j))
      forwards(net, recordAndMix, task.network, n)
      select(net, task, n, i)
      backwards(net, pullAndMix, task.network, n, total)
    }
    for (let i = 0; i < n; i++) put<f64>(net.wires, i, 0)
    backwards(net, finishPull, task.network, n, total)
  }
  for (let i = 0; i < n; i++) putNum<T>(xBar, i, at<f64>(net.wires, i))
}
