/** Slopes of a function of one number by differences, with kinks told apart from mistakes. */

type Slope =
  /** `error`: how far apart the estimates are; large where only the second derivative jumps. */
  | { readonly kind: 'smooth'; readonly value: number; readonly error: number }
  /** One-sided slopes differ however small the step, or the slope does not settle: no derivative to compare with. */
  | { readonly kind: 'kink' }

/** Central difference at step h, and the difference of the two one-sided slopes. */
function differences(f: (t: number) => number, h: number): { central: number; gap: number } {
  const [left, middle, right] = [f(-h), f(0), f(h)]
  return { central: (right - left) / (2 * h), gap: Math.abs((right - middle) / h - (middle - left) / h) }
}

/**
 * The slope of f at 0 from steps h and h / 2 (Richardson extrapolation of central differences, error O(h^4)).
 * `noise` is the smallest change of slope that is not rounding. Where f is smooth the gap of the one-sided slopes
 * halves with the step; at a kink it stays, at a jump it doubles.
 */
export function slopeAtZero(f: (t: number) => number, h: number, noise: number): Slope {
  const [whole, half] = [differences(f, h), differences(f, h / 2)]
  const value = (4 * half.central - whole.central) / 3
  const error = Math.abs(value - half.central)
  // Half of the gap where f is smooth, all of it at a kink: the middle of the two.
  const kink = half.gap > noise && half.gap > 0.75 * whole.gap
  // A kink inside the step, but not at 0: the two central differences disagree by more than a smooth f allows.
  const crossed = error > noise && error > half.gap
  return kink || crossed ? { kind: 'kink' } : { kind: 'smooth', value, error }
}
