/** Whether weights say anything. */

/** With all weights 1 an operator is the one without, to the last bit. */
export function areOnes(weights: ArrayLike<number>): boolean {
  for (let i = 0; i < weights.length; i++) if (weights[i] !== 1) return false
  return true
}
