/**
 * Losses of pairs, sum over y_i > y_j of w_ij phi(s_i - s_j). Items are sorted by label, so that the partners of an item are all
 * items behind its group: no pair is tested, and lanes are neighbouring partners.
 *
 *   phi      logistic log(1 + e^(-c d))   hinge max(0, c - d)   tanh(c d / 2), summed as Kendall's loss      c the steepness
 *   w_ij     weight of i, times 1, |dNDCG| of LambdaRank, or those of NDCGLoss1, 2, 2++ (LambdaLoss); Kendall's: the weight of i
 *            times that of j
 *
 * With t = exp(-|v|) logistic and tanh are log1p(t), t / (1 + t) and (1 - t) / (1 + t): nothing overflows, no tail is lost.
 * Beyond the ranks that count in NDCG discounts are 0 and only pairs with one item among them are visited.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp64x2, exp64x2Short } from '../../engine/library/exp.as'
import { log1p64x2 } from '../../engine/library/log.as'
import { at, bytesOf, num, ptr, put } from '../../engine/library/task.as'
import { relativeGains } from './gains.as'
import { LossTask } from './loss.as'

export const enum PairFunction {
  logistic,
  hinge,
  kendall,
}

export const enum PairWeights {
  item,
  lambdaRank,
  ndcg1,
  ndcg2,
  ndcg2pp,
}

@unmanaged
export class PairwiseTask extends LossTask {
  phi: PairFunction
  scheme: PairWeights
  /** Ranks that count in NDCG; 0 all. */
  cutoff: i32
  /** Steepness of logistic and tanh, margin of hinge. */
  steepness: f64
  /** NDCGLoss2++: the share of NDCGLoss2 in it. */
  mu: f64
  /** Discounts of ranks from 1 on. */
  discounts: usize
  /** By how much the discounts of two ranks differ, by how far these are apart, from 0 on. */
  deltas: usize
}
const inverseLn2: f64 = 1.4426950408889634
/** Items beyond the row: no pair. */
const pad: i32 = 4

export function pairwiseScratch(_task: PairwiseTask, n: i32): usize {
  return bytesOf<List>() + 7 * (usize(n + pad) << 3) + argsortScratch(n)
}

/** A list in label order; all arrays f64. */
@unmanaged
class List {
  n: i32
  phi: PairFunction
  scheme: PairWeights
  delta: usize
  steepness: f64
  mu: f64
  s: usize
  y: usize
  w: usize
  gains: usize
  discounts: usize
  ranks: usize
  gradient: usize
  loss: f64
  /** Weight of the pairs that were visited. */
  mass: f64
}

/** |w_ij| of partners j and j + 1. */
@inline
function weights(list: List, i: i32, j: i32): v128 {
  const own = f64x2.splat(at<f64>(list.w, i))
  if (list.scheme == PairWeights.item)
    return list.phi == PairFunction.kendall ? f64x2.mul(own, v128.load(ptr<f64>(list.w, j))) : own
  return f64x2.mul(own, ndcgWeights(list, i, j))
}

@inline
function ndcgWeights(list: List, i: i32, j: i32): v128 {
  const scheme = list.scheme
  if (scheme == PairWeights.ndcg1) return f64x2.splat(at<f64>(list.gains, i) * at<f64>(list.discounts, i) * inverseLn2)
  const gain = f64x2.sub(f64x2.splat(at<f64>(list.gains, i)), v128.load(ptr<f64>(list.gains, j)))
  const discount = f64x2.sub(f64x2.splat(at<f64>(list.discounts, i)), v128.load(ptr<f64>(list.discounts, j)))
  if (scheme == PairWeights.lambdaRank) return f64x2.abs(f64x2.mul(gain, discount))
  const apart = f64x2.abs(f64x2.sub(f64x2.splat(at<f64>(list.ranks, i)), v128.load(ptr<f64>(list.ranks, j))))
  const delta = f64x2(
    at<f64>(list.delta, i32(f64x2.extract_lane(apart, 0))),
    at<f64>(list.delta, i32(f64x2.extract_lane(apart, 1))),
  )
  const both =
    scheme == PairWeights.ndcg2 ? delta : f64x2.add(f64x2.abs(discount), f64x2.mul(f64x2.splat(list.mu), delta))
  return f64x2.mul(f64x2.mul(both, f64x2.abs(gain)), f64x2.splat(inverseLn2))
}

/** Item i against partners [from, to). */
@inline
function visit<T>(list: List, i: i32, from: i32, to: i32): void {
  const s = f64x2.splat(at<f64>(list.s, i))
  const steepness = f64x2.splat(list.steepness)
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  const phi = list.phi
  let loss = zero
  let mass = zero
  let pulled = zero
  for (let j = from; j < to; j += 2) {
    const d = f64x2.sub(s, v128.load(ptr<f64>(list.s, j)))
    let w = weights(list, i, j)
    if (j + 1 == to) w = f64x2.replace_lane(w, 1, 0)
    let value = zero
    let slope = zero
    if (phi == PairFunction.hinge) {
      const short = f64x2.sub(steepness, d)
      const counts = f64x2.gt(short, zero)
      value = v128.and(counts, short)
      slope = v128.and(counts, f64x2.splat(-1))
    } else {
      const v = f64x2.mul(d, steepness)
      const size = f64x2.neg(f64x2.abs(v))
      const t = sizeof<T>() == 4 ? exp64x2Short(size) : exp64x2(size)
      const q = f64x2.div(one, f64x2.add(one, t))
      if (phi == PairFunction.kendall) {
        const tanh = f64x2.mul(f64x2.sub(one, t), q)
        value = v128.bitselect(f64x2.neg(tanh), tanh, f64x2.lt(v, zero))
        slope = f64x2.mul(f64x2.mul(f64x2.mul(f64x2.splat(2), t), f64x2.mul(q, q)), steepness)
        mass = f64x2.add(mass, w)
      } else {
        value = f64x2.add(f64x2.pmax(f64x2.neg(v), zero), log1p64x2<T>(t))
        slope = f64x2.neg(f64x2.mul(steepness, v128.bitselect(q, f64x2.mul(t, q), f64x2.lt(v, zero))))
      }
    }
    loss = f64x2.add(loss, f64x2.mul(w, value))
    const pull = f64x2.mul(w, slope)
    pulled = f64x2.add(pulled, pull)
    const g = ptr<f64>(list.gradient, j)
    v128.store(g, f64x2.sub(v128.load(g), pull))
  }
  list.loss += f64x2.extract_lane(loss, 0) + f64x2.extract_lane(loss, 1)
  list.mass += f64x2.extract_lane(mass, 0) + f64x2.extract_lane(mass, 1)
  const own = f64x2.extract_lane(pulled, 0) + f64x2.extract_lane(pulled, 1)
  put<f64>(list.gradient, i, at<f64>(list.gradient, i) + own)
}

/** Gains, ranks and discounts; answers whether any item is relevant. */
@inline
function readNdcg<T>(task: PairwiseTask, list: List, x: usize, order: usize, free: usize): bool {
  const n = list.n
  const cutoff = task.cutoff == 0 ? n : min(n, task.cutoff)
  // Pairs are weighed by their first item; gains are not. discounts holds weights of 1 for a moment.
  for (let i = 0; i < n; i++) put<f64>(list.discounts, i, 1)
  if (!relativeGains(list.y, list.discounts, n, task.discounts, cutoff, list.gains, list.gradient, free)) return false
  // Ranks by descending score, ties in file order; then to label order. ranks holds the sort for a moment, as u32.
  const byScore = list.gradient
  argsort<T>(x, n, true, byScore, free)
  const rankOf = list.discounts
  for (let k = 0; k < n; k++) put<f64>(rankOf, i32(at<u32>(byScore, k)), f64(k + 1))
  for (let i = 0; i < n; i++) put<f64>(list.ranks, i, at<f64>(rankOf, i32(at<u32>(order, i))))
  for (let i = 0; i < n; i++) {
    const rank = i32(at<f64>(list.ranks, i))
    put<f64>(list.discounts, i, rank <= cutoff ? at<f64>(task.discounts, rank - 1) : 0)
  }
  return true
}

export function pairwise<T>(
  task: PairwiseTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const bytes = usize(n + pad) << 3
  const list = changetype<List>(scratch)
  let free = scratch + bytesOf<List>()
  list.n = n
  list.phi = task.phi
  list.scheme = task.scheme
  list.steepness = task.steepness
  list.mu = task.mu
  list.delta = task.deltas
  list.s = free
  list.y = free += bytes
  list.w = free += bytes
  list.gains = free += bytes
  list.discounts = free += bytes
  list.ranks = free += bytes
  list.gradient = free += bytes
  free += bytes
  list.loss = 0
  list.mass = 0
  const out = gradient
  for (let i = 0; i < n; i++) put<f64>(out, i, 0)
  argsort<T>(labels, n, true, order, free)
  const heaviest = list.phi == PairFunction.kendall ? heaviestOf<T>(weights, n) : 1
  for (let i = 0; i < n; i++) {
    const item = i32(at<u32>(order, i))
    put<f64>(list.s, i, num<T>(x, item))
    put<f64>(list.y, i, num<T>(labels, item))
    put<f64>(list.w, i, num<T>(weights, item) / heaviest)
  }
  if (list.scheme != PairWeights.item && !readNdcg<T>(task, list, x, order, free)) return 0
  // Lanes that hang over read these.
  for (let i = n; i < n + pad; i++) {
    put<f64>(list.s, i, 0)
    put<f64>(list.w, i, 0)
    put<f64>(list.gains, i, 0)
    put<f64>(list.discounts, i, 0)
    put<f64>(list.ranks, i, 0)
  }
  memory.fill(list.gradient, 0, bytes)
  for (let i = 0; i < n; ) {
    let stop = i + 1
    while (stop < n && at<f64>(list.y, stop) == at<f64>(list.y, i)) stop++
    for (; i < stop; i++) {
      if (list.scheme == PairWeights.ndcg1) visit<T>(list, i, 0, n)
      else visitPartners<T>(task, list, i, stop)
    }
  }
  return finish(list, order, out)
}

/** Partners behind the group of i; with a cutoff, those of an item beyond it are the items within. */
@inline
function visitPartners<T>(task: PairwiseTask, list: List, i: i32, stop: i32): void {
  if (list.scheme != PairWeights.lambdaRank || task.cutoff == 0 || at<f64>(list.discounts, i) > 0) {
    visit<T>(list, i, stop, list.n)
    return
  }
  for (let j = stop; j < list.n; j++) if (at<f64>(list.discounts, j) > 0) visit<T>(list, i, j, j + 1)
}

/** A mean of pairs does not change with the unit of weights; 1 where none weighs. */
@inline
function heaviestOf<T>(weights: usize, n: i32): f64 {
  let heaviest: f64 = 0
  for (let i = 0; i < n; i++) heaviest = max(heaviest, num<T>(weights, i))
  return heaviest == 0 ? 1 : heaviest
}

/** Kendall's loss is one minus the mean of its pairs, and 0 without any. */
@inline
function finish(list: List, order: usize, out: usize): f64 {
  const isMean = list.phi == PairFunction.kendall
  const mass = list.mass
  const factor: f64 = isMean ? (mass == 0 ? 0 : -1 / mass) : 1
  for (let i = 0; i < list.n; i++) put<f64>(out, i32(at<u32>(order, i)), factor * at<f64>(list.gradient, i))
  return isMean ? (mass == 0 ? 0 : 1 + factor * list.loss) : list.loss
}
