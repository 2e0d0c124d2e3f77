/** Rounds of successive halving over `trials` trainings: how many take part in each, and to which step. The last round reaches `steps`. */
export function rounds(trials: number, steps: number): readonly { readonly trials: number; readonly to: number }[] {
  const count = Math.max(1, Math.floor(Math.log2(trials)))
  return Array.from({ length: count }, (_, r) => ({
    trials: Math.ceil(trials / 2 ** r),
    to: Math.ceil(steps / 2 ** (count - 1 - r)),
  }))
}
