/**
 * Metrics on sigmoid ranks: -sum_i t_i f(r_i). i0: 0 NDCG (t = relative gains, f = 1 / log2(1 + r)), 1 MRR (t = the share
 * of an item in the weight of the relevant ones, f = 1 / r). i1: algorithm of the ranks. p0: strength. table: discounts[i2], then that of the fast sum when i3.
 */

import { argsortScratch } from '../../engine/library/argsort.as';
import { itemGains } from './gains.as';
import { gradientOf } from './loss.as';
import { pullSigmoidRanksOf, sigmoidRanksOf, sigmoidScratch } from '../sigmoid/kernel.as';
import { at, num, ptr, put, Task } from '../../engine/library/task.as';

const ln2: f64 = 0.6931471805599453;

export function approxMetricScratch(n: i32): usize {
  return 4 * (<usize>(n + 2) << 3) + sigmoidScratch(n) + argsortScratch(n);
}

/** Writes t in the order of the items; answers whether any is not 0. */
@inline
function readTargets<T>(task: Task, from: i32, n: i32, targets: usize, free: usize): bool {
  const labels = ptr<T>(task.labels, from);
  const weights = ptr<T>(task.weights, from);
  if (task.i0 == 1) {
    let heaviest: f64 = 0;
    for (let i = 0; i < n; i++) if (num<T>(labels, i) > 0) heaviest = max(heaviest, num<T>(weights, i));
    if (heaviest == 0) return false;
    let relevant: f64 = 0;
    for (let i = 0; i < n; i++) {
      const weight = num<T>(labels, i) > 0 ? num<T>(weights, i) / heaviest : 0;
      put<f64>(targets, i, weight);
      relevant += weight;
    }
    for (let i = 0; i < n; i++) put<f64>(targets, i, at<f64>(targets, i) / relevant);
    return true;
  }
  return itemGains<T>(labels, weights, n, task.table, n, targets, ptr<u32>(task.order, from), free);
}

export function approxMetric<T>(task: Task, first: i32, end: i32, scratch: usize): void {
  const fastSum = task.i3 ? ptr<f64>(task.table, task.i2) : 0;
  for (let q = first; q < end; q++) {
    const from = <i32>at<u32>(task.offsets, q);
    const n = <i32>at<u32>(task.offsets, q + 1) - from;
    const gradient = gradientOf(task, from);
    const targets = scratch;
    const ranks = ptr<f64>(targets, n + 2);
    const free = ptr<f64>(ranks, n + 2);
    put<f64>(task.y, q, 0);
    if (!readTargets<T>(task, from, n, targets, ranks)) {
      for (let i = 0; i < n; i++) put<f64>(gradient, i, 0);
      continue;
    }
    const x = ptr<T>(task.x, from);
    const order = ptr<u32>(task.order, from);
    const chosen = sigmoidRanksOf<T>(x, n, task.p0, -1, task.i1, fastSum, order, ranks, free);
    put<u32>(task.choices, q, chosen);
    let loss: f64 = 0;
    for (let i = 0; i < n; i++) {
      const r = at<f64>(ranks, i);
      const t = at<f64>(targets, i);
      let slope: f64 = 0;
      if (task.i0 == 1) {
        loss -= t / r;
        slope = t / (r * r);
      } else if (t != 0) {
        const l = Math.log(1 + r) / ln2;
        loss -= t / l;
        slope = t / (l * l * (1 + r) * ln2);
      }
      put<f64>(ranks, i, slope);
    }
    put<f64>(task.y, q, loss);
    pullSigmoidRanksOf<T>(x, n, task.p0, -1, chosen, fastSum, order, ranks, gradient, free);
  }
}
