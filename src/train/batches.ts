/** What a trainer takes rows from, some at a time. */

export interface Batch {
  /** rows x width, row-major. */
  readonly inputs: Float32Array
  readonly rows: number
}

/** Without end: one epoch after another. */
export interface Batches<B extends Batch> {
  /** Rows of the largest batch. */
  readonly largest: number
  /**
   * The next batch; it is valid until the one after it.
   * @param step how many were taken before: what can be taken up again in another process is a function of it
   */
  next(step?: number): B
}
