/**
 * Cross entropies of the rows of NeuralSort or SoftSort, row by row: permutation cross entropy, -sum over k of log P_k,pi(k) with pi
 * the order of decreasing labels, and top-k cross entropy, -sum over relevant items y of log sum over k of W_k P_ky with weights W
 * of the first rows. Terms weigh as much as their item. Below 1e-290 a probability counts as that, with gradient 0.
 */

import { argsort, argsortScratch } from '../../engine/library/argsort.as'
import { at, num, ptr, put } from '../../engine/library/task.as'
import { pullRow } from '../kit/permutation-matrix.as'
import {
  Band,
  bandScratch,
  finishNeural,
  openBand,
  PermutationRows,
  PermutationTask,
  softmaxRow,
} from '../kit/unimodal-row.as'

export const enum PermutationLoss {
  permutation,
  topk,
}

@unmanaged
export class PermutationLossTask extends PermutationTask {
  loss: PermutationLoss
  /** topk: of how many rows there are weights, and these. */
  count: i32
  shares: usize
}

/** The gradient. */
export function permutationLossState(_task: PermutationLossTask, n: i32): usize {
  return usize(n) * 8
}

const smallest: f64 = 1e-290
const floor: f64 = -708

export function permutationLossScratch(_task: PermutationLossTask, n: i32): usize {
  return bandScratch(n) + argsortScratch(n) + 2 * (usize(n + 2) << 3)
}

/** `places`: of the item that should stand k-th, where it stands; `ideal`: which item that is. */
@inline
function permutationCrossEntropy<T>(band: Band, places: usize, ideal: usize, weights: usize): f64 {
  let loss: f64 = 0
  for (let k = 0; k < band.n; k++) {
    softmaxRow<T>(band, k)
    const target = at<i32>(places, k)
    const p: f64 = target >= band.low && target < band.high ? at<f64>(band.e0, target) : 0
    const weight = num<T>(weights, i32(at<u32>(ideal, k)))
    loss -= weight * Math.log(max(smallest, p))
    if (p <= smallest) continue
    put<f64>(band.v, target, -weight / p)
    pullRow(band, k, 1)
    put<f64>(band.v, target, 0)
  }
  return loss
}

/** `relevant`: the weight of an item that is, else 0, in the order of the scores. */
@inline
function topkCrossEntropy<T>(band: Band, rows: i32, weights: usize, relevant: usize, chance: usize): f64 {
  memory.fill(chance, 0, usize(band.n) << 3)
  for (let k = 0; k < rows; k++) {
    softmaxRow<T>(band, k)
    for (let j = band.low; j < band.high; j++) {
      put<f64>(chance, j, at<f64>(chance, j) + at<f64>(weights, k) * at<f64>(band.e0, j))
    }
  }
  let loss: f64 = 0
  for (let j = 0; j < band.n; j++) {
    const p = at<f64>(chance, j)
    const weight = at<f64>(relevant, j)
    if (weight > 0) loss -= weight * Math.log(max(smallest, p))
    put<f64>(band.v, j, weight > 0 && p > smallest ? -weight / p : 0)
  }
  for (let k = 0; k < rows; k++) {
    // The last row is still there when it is the only one.
    if (rows > 1) softmaxRow<T>(band, k)
    pullRow(band, k, at<f64>(weights, k))
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
    const loss = permutationCrossEntropy<T>(band, places, ideal, weights)
    finish(band, gradient, order)
    return loss
  } else {
    const relevant = free
    const chance = ptr<f64>(relevant, n + 2)
    const band = open<T>(task, n, x, order, scratch)
    for (let k = 0; k < n; k++) {
      const item = i32(at<u32>(order, k))
      put<f64>(relevant, k, num<T>(labels, item) > 0 ? num<T>(weights, item) : 0)
    }
    const loss = topkCrossEntropy<T>(band, min(n, task.count), task.shares, relevant, chance)
    finish(band, gradient, order)
    return loss
  }
}
