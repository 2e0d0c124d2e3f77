/**
 * Cross entropies of the rows of NeuralSort or SoftSort, row by row: permutation cross entropy, -sum over k of
 * log P_k,pi(k) with pi the order of decreasing labels, and top-k cross entropy, -sum over relevant items y of
 * log sum over k of p_k min(1, S_k), S_k the sum of the first k entries of column y. Terms weigh as much as their item.
 * Logarithms are those of the logits: no entry is too small for its loss or gradient.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { exp } from '../../engine/library/exp.as'
import { at, bytesOf, num, ptr, put } from '../../engine/library/task.as'
import { pullLogits } from '../kit/permutation-matrix.as'
import {
  Band,
  bandScratch,
  finishNeural,
  openBand,
  PermutationRows,
  PermutationTask,
  softmaxRow,
  writeLogits,
} from '../kit/unimodal-row.as'

export const enum PermutationLoss {
  permutation,
  topk,
}

@unmanaged
export class PermutationLossTask extends PermutationTask {
  loss: PermutationLoss
  /** topk: of how many ranks k there are probabilities; P(K >= k) of each, then P(K = k). */
  count: i32
  ofFirst: usize
}

/** The gradient. */
export function permutationLossState(_task: PermutationLossTask, n: i32): usize {
  return usize(n) * 8
}

const floor: f64 = -708
/** From here to 0 the logarithm of a sum of probabilities counts as that of 1. */
const certain: f64 = -9.094947017729282e-13
const arrays: i32 = 5

@inline
function arrayBytes(n: i32): usize {
  return usize(n + 2) << 3
}

export function permutationLossScratch(_task: PermutationLossTask, n: i32): usize {
  return bandScratch(n) + argsortScratch(n) + usize(arrays) * arrayBytes(n) + bytesOf<Chances>()
}

/** `places`: of the item that should stand k-th, where it stands; `ideal`: which item that is. */
@inline
function permutationCrossEntropy<T>(band: Band, places: usize, ideal: usize, weights: usize, logits: usize): f64 {
  let loss: f64 = 0
  for (let k = 0; k < band.n; k++) {
    const total = softmaxRow<T>(band, k)
    writeLogits(band, k, logits)
    const target = at<i32>(places, k)
    const weight = num<T>(weights, i32(at<u32>(ideal, k)))
    if (weight == 0) continue
    loss += weight * (Math.log(total) - at<f64>(logits, target))
    const low = band.low
    const high = band.high
    for (let j = low; j < high; j++) put<f64>(band.v, j, weight * at<f64>(band.e0, j))
    put<f64>(band.v, target, at<f64>(band.v, target) - weight)
    band.low = min(low, target)
    band.high = max(high, target + 1)
    pullLogits(band, k)
    memory.fill(ptr<f64>(band.v, band.low), 0, usize(band.high - band.low) << 3)
  }
  return loss
}

/** log(e^a + e^b). */
@inline
function logAddExp(a: f64, b: f64): f64 {
  const top = max(a, b)
  return top == -Infinity ? top : top + Math.log(1 + exp(min(a, b) - top))
}

/** By item: its weight if it is relevant, else 0, log S so far (infinite from the rank c on that makes it certain), the log of its chance, and P(K >= c). */
@unmanaged
class Chances {
  relevant: usize
  sums: usize
  logs: usize
  beyond: usize
  logits: usize
}

@inline
function readChances<T>(band: Band, rows: i32, tails: usize, shares: usize, list: Chances): void {
  const n = band.n
  for (let y = 0; y < n; y++) {
    put<f64>(list.sums, y, -Infinity)
    put<f64>(list.logs, y, -Infinity)
    put<f64>(list.beyond, y, 0)
  }
  for (let k = 0; k < rows; k++) {
    const logTotal = Math.log(softmaxRow<T>(band, k))
    const logShare = Math.log(at<f64>(shares, k))
    const logTail = Math.log(at<f64>(tails, k))
    writeLogits(band, k, list.logits)
    for (let y = 0; y < n; y++) {
      if (!(at<f64>(list.relevant, y) > 0) || at<f64>(list.sums, y) == Infinity) continue
      const sum = logAddExp(at<f64>(list.sums, y), at<f64>(list.logits, y) - logTotal)
      if (sum >= certain || k == n - 1) {
        put<f64>(list.sums, y, Infinity)
        put<f64>(list.beyond, y, at<f64>(tails, k))
        put<f64>(list.logs, y, logAddExp(at<f64>(list.logs, y), logTail))
      } else {
        put<f64>(list.sums, y, sum)
        put<f64>(list.logs, y, logAddExp(at<f64>(list.logs, y), logShare + sum))
      }
    }
  }
}

@inline
function topkCrossEntropy<T>(band: Band, rows: i32, tails: usize, shares: usize, list: Chances): f64 {
  const n = band.n
  readChances<T>(band, rows, tails, shares, list)
  let loss: f64 = 0
  for (let y = 0; y < n; y++) {
    const weight = at<f64>(list.relevant, y)
    if (weight > 0) loss -= weight * min<f64>(0, at<f64>(list.logs, y))
  }
  for (let k = 0; k < rows; k++) {
    const logTotal = Math.log(softmaxRow<T>(band, k))
    writeLogits(band, k, list.logits)
    let pulled: f64 = 0
    for (let y = 0; y < n; y++) {
      const weight = at<f64>(tails, k) - at<f64>(list.beyond, y)
      const ofItem = at<f64>(list.relevant, y)
      const u =
        ofItem > 0 && weight > 0
          ? -ofItem * weight * exp(at<f64>(list.logits, y) - logTotal - at<f64>(list.logs, y))
          : 0
      put<f64>(band.v, y, u)
      pulled += u
    }
    for (let y = band.low; y < band.high; y++) put<f64>(band.v, y, at<f64>(band.v, y) - at<f64>(band.e0, y) * pulled)
    band.low = 0
    band.high = n
    put<f64>(band.v, n, 0)
    pullLogits(band, k)
  }
  return loss
}

@inline
function open<T>(task: PermutationLossTask, n: i32, x: usize, order: usize, scratch: usize): Band {
  const band = openBand<T>(task, n, x, order, scratch, true)
  band.floor = floor
  return band
}

/** From columns to the gradient. */
@inline
function finish(band: Band, gradient: usize, order: usize): void {
  if (band.mode == PermutationRows.neuralSort) {
    finishNeural<f64>(band, gradient, order)
    return
  }
  const factor = (band.mode == PermutationRows.squared ? 2 : 1) / band.tau
  for (let j = 0; j < band.n; j++) put<f64>(gradient, i32(at<u32>(order, j)), factor * at<f64>(band.column, j))
}

export function permutationLoss<T>(
  task: PermutationLossTask,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const sortScratch = scratch + bandScratch(n)
  const free = sortScratch + argsortScratch(n)
  if (task.loss == PermutationLoss.permutation) {
    const ideal = free
    const places = ptr<u32>(ideal, n + 2)
    argsort<T>(labels, n, true, order, sortScratch)
    memory.copy(ideal, order, usize(n) << 2)
    const band = open<T>(task, n, x, order, scratch)
    const standing = band.w
    for (let k = 0; k < n; k++) put<i32>(standing, i32(at<u32>(order, k)), k)
    for (let k = 0; k < n; k++) put<i32>(places, k, at<i32>(standing, i32(at<u32>(ideal, k))))
    const loss = permutationCrossEntropy<T>(band, places, ideal, weights, ptr<f64>(ideal, 2 * (n + 2)))
    finish(band, gradient, order)
    return loss
  } else {
    const band = open<T>(task, n, x, order, scratch)
    const chances = changetype<Chances>(ptr<f64>(free, arrays * (n + 2)))
    chances.relevant = free
    chances.sums = ptr<f64>(free, n + 2)
    chances.logs = ptr<f64>(free, 2 * (n + 2))
    chances.beyond = ptr<f64>(free, 3 * (n + 2))
    chances.logits = ptr<f64>(free, 4 * (n + 2))
    for (let k = 0; k < n; k++) {
      const item = i32(at<u32>(order, k))
      put<f64>(free, k, num<T>(labels, item) > 0 ? num<T>(weights, item) : 0)
    }
    const shares = ptr<f64>(task.ofFirst, task.count)
    const loss = topkCrossEntropy<T>(band, min(n, task.count), task.ofFirst, shares, chances)
    finish(band, gradient, order)
    return loss
  }
}
