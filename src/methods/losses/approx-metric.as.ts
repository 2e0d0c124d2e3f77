/**
 * Metrics on sigmoid ranks: -sum_i t_i f(r_i). NDCG: t = relative gains, f = 1 / log2(1 + r); MRR: t = the share of an item in
 * the weight of the relevant ones, f = 1 / r.
 */

import { argsortScratch } from '../../engine/library/argsort.as'
import { at, num, ptr, put } from '../../engine/library/task.as'
import { Algorithm, pullSigmoidRanksOf, sigmoidRanksOf, sigmoidScratch } from '../sigmoid/kernel.as'
import { itemGains } from './gains.as'
import { LossTask } from './loss.as'

export const enum Metric {
  ndcg,
  mrr,
}

@unmanaged
export class ApproxMetricTask extends LossTask {
  metric: Metric
  /** How ranks are summed. */
  algorithm: Algorithm
  strength: f64
  /** Discounts of ranks from 1 on. */
  discounts: usize
  /** Series of the fast sum, or 0. */
  series: usize
}

const ln2: f64 = 0.6931471805599453

export function approxMetricScratch(_task: ApproxMetricTask, n: i32): usize {
  return 4 * (usize(n + 2) << 3) + sigmoidScratch(n) + argsortScratch(n)
}

/** Writes t in the order of the items; answers whether any is not 0. */
@inline
function readTargets<T>(
  task: ApproxMetricTask,
  labels: usize,
  weights: usize,
  order: usize,
  n: i32,
  targets: usize,
  free: usize,
): bool {
  if (task.metric == Metric.mrr) {
    let heaviest: f64 = 0
    for (let i = 0; i < n; i++) if (num<T>(labels, i) > 0) heaviest = max(heaviest, num<T>(weights, i))
    if (heaviest == 0) return false
    let relevant: f64 = 0
    for (let i = 0; i < n; i++) {
      const weight = num<T>(labels, i) > 0 ? num<T>(weights, i) / heaviest : 0
      put<f64>(targets, i, weight)
      relevant += weight
    }
    for (let i = 0; i < n; i++) put<f64>(targets, i, at<f64>(targets, i) / relevant)
    return true
  }
  return itemGains<T>(labels, weights, n, task.discounts, n, targets, order, free)
}

export function approxMetric<T>(
  task: ApproxMetricTask,
  row: i32,
  n: i32,
  x: usize,
  labels: usize,
  weights: usize,
  order: usize,
  gradient: usize,
  scratch: usize,
): f64 {
  const targets = scratch
  const ranks = ptr<f64>(targets, n + 2)
  const free = ptr<f64>(ranks, n + 2)
  if (!readTargets<T>(task, labels, weights, order, n, targets, ranks)) {
    for (let i = 0; i < n; i++) put<f64>(gradient, i, 0)
    return 0
  }
  const chosen = sigmoidRanksOf<T>(x, n, task.strength, -1, task.algorithm, task.series, order, ranks, free)
  put<u32>(task.choices, row, chosen)
  let loss: f64 = 0
  for (let i = 0; i < n; i++) {
    const r = at<f64>(ranks, i)
    const t = at<f64>(targets, i)
    let slope: f64 = 0
    if (task.metric == Metric.mrr) {
      loss -= t / r
      slope = t / (r * r)
    } else if (t != 0) {
      const l = Math.log(1 + r) / ln2
      loss -= t / l
      slope = t / (l * l * (1 + r) * ln2)
    }
    put<f64>(ranks, i, slope)
  }
  pullSigmoidRanksOf<T>(x, n, task.strength, -1, chosen, task.series, order, ranks, gradient, free)
  return loss
}
