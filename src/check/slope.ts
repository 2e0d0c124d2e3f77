/** Slopes of a function of one number by differences, with kinks told apart from mistakes. */

type Slope =
  /** `error`: how far apart the estimates are; large where only the second derivative jumps. */
  | { readonly kind: 'smooth'; readonly value: number; readonly error: number }
  /** One-sided slopes differ however small the step, or the slope does not settle: no derivative to compare with. */
  | { readonly kind: 'kink' }

/** Central difference at step h, and the slope to the right less the one to the left. */
function differences(f: (t: number) => number, h: number): { central: number; turn: number } {
  const [left, middle, right] = [f(-h), f(0), f(h)]
  return { central: (right - left) / (2 * h), turn: (right - middle) / h - (middle - left) / h }
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
  const [gap, wholeGap] = [Math.abs(half.turn), Math.abs(whole.turn)]
  // Half of the gap where f is smooth, all of it at a kink: the middle of the two.
  const kink = gap > noise && gap > 0.75 * wholeGap
  // A kink inside the step, but not at 0: the two central differences disagree by more than a smooth f allows.
  const crossed = error > noise && error > gap
  return kink || crossed ? { kind: 'kink' } : { kind: 'smooth', value, error }
}

/**
 * Whether f has a kink at 0 that its curvature hides from `slopeAtZero`: the one-sided slopes differ by k + f'' h + O(h^3), and
 * k is what is left when f'' is taken out. Where f is smooth what is left falls by 8 with every halving of the step.
 */
export function hidesKink(f: (t: number) => number, h: number, noise: number): boolean {
  const [whole, half, quarter] = [h, h / 2, h / 4].map((step) => differences(f, step).turn)
  const [coarse, fine] = [Math.abs(2 * half - whole), Math.abs(2 * quarter - half)]
  return fine > noise && fine > 0.5 * coarse
}
