/**
 * What a kernel works on: a task, which the host writes when it plans, and one row of the batch, of which it names what it wants
 * (items n, x, y, order, ...). Rows are independent: who computes one does not show. The loop over the rows is written by
 * scripts/kernels.mjs, so that outside all kernels have one signature, (task, first row, end row, scratch), and a thread pool can
 * run any of them on any part of a batch.
 */

/** What an operator puts out; each kernel has some of them. */
export const enum Operator {
  sort,
  rank,
  topk,
  matrix,
}

/** What all tasks begin with. Those of a kernel go on with the parameters that it reads. */
@unmanaged
export class Task {
  /** u32[rows + 1]: row q owns items offsets[q] up to offsets[q + 1]. */
  offsets: usize
  /** Input, T[items]. */
  x: usize
  /** Output, T. Losses: f64, one a list. */
  y: usize
  /** Gradient in the output, T. Losses: f64, what each list's gradient is multiplied by. */
  yBar: usize
  /** Gradient in the input, T[items]. */
  xBar: usize
  /** T[items]. */
  labels: usize
  /** T[items]. */
  weights: usize
  /** u32[items]: positions of a row, sorted. */
  order: usize
  /** What forward leaves for backward, row by row. */
  state: usize
  /** u32[rows + 1] into state, in units of 8 bytes. */
  states: usize
  /** u32[rows + 1] into y. */
  outputs: usize
  /** u32[rows]: what a kernel chose to do for each row. */
  choices: usize
  /** f64[rows]: what a kernel says of each row, e.g. how far an iteration came. */
  facts: usize
  /** Not 0: `order` is worth a try as it is, see argsort. */
  reuse: i32
}

/** Bytes of a struct that a kernel keeps at the start of its scratch, in whole lines of the cache. */
@inline
export function bytesOf<S>(): usize {
  return (offsetof<S>() + 63) & ~63
}

/** Element i of an array of T. */
@inline
export function at<T>(array: usize, i: i32): T {
  return load<T>(array + (usize(i) << alignof<T>()))
}

@inline
export function put<T>(array: usize, i: i32, value: T): void {
  store<T>(array + (usize(i) << alignof<T>()), value)
}

/** Element i of an array of T, as f64. */
@inline
export function num<T>(array: usize, i: i32): f64 {
  return f64(load<T>(array + (usize(i) << alignof<T>())))
}

@inline
export function putNum<T>(array: usize, i: i32, value: f64): void {
  store<T>(array + (usize(i) << alignof<T>()), <T>value)
}

/** Address of element i of an array of T. */
@inline
export function ptr<T>(array: usize, i: i32): usize {
  return array + (usize(i) << alignof<T>())
}

/** Elements i and i + 1 of an array of T, as f64. */
@inline
export function num2<T>(array: usize, i: i32): v128 {
  const two = array + (usize(i) << alignof<T>())
  return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(two)) : v128.load(two)
}
