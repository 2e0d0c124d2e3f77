/** What moves parameters along gradients. */

export interface Optimiser {
  /** All that it remembers from step to step, to be kept and put back. */
  readonly state: readonly Float64Array[]
  /** One step along `gradient`, in place. */
  step(parameters: Float64Array, gradient: Float64Array): void
}
