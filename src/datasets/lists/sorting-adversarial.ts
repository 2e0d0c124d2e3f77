/**
 * Rows that are hard on pool-adjacent-violators (PAV), the core of soft sort and soft rank on the permutahedron.
 *
 * Soft rank at strength 1 fits a non-increasing sequence to y_i = s_i - w_i, with s the values in descending order and
 * w = (n, ..., 1). A gap g_i = s_i - s_{i+1} >= 0 makes a step y_{i+1} - y_i = 1 - g_i <= 1. The usual pathological
 * sequence of isotonic regression (scikit-learn's: long falls and one jump up by 2n) steps up by more than 1, so no
 * sorted row reaches it. What is within reach, with m = floor(sqrt(n)):
 *
 *   fall: the first m (m - 1) gaps are 1 + 1/n: y falls by 1/n a step, and nothing is pooled;
 *   rise: the other gaps are 0.1: y rises by 0.9 a step, so the r-th of them lifts the mean of the last block above
 *         its neighbours, and the block runs back over many blocks of one item.
 *
 * The last block takes in about r sqrt(0.9 n) items of the fall after r steps: sqrt(n) rises in chains of about sqrt(n)
 * merges each, and in the end all or nearly all items are one block. A method that does a merge in more than constant
 * time becomes quadratic here. Rows are shuffled, as the operators sort first.
 */

const gapOfRise = 0.1

/** The values in descending order of one row of n, from (about) n down to 0. */
export function descendingAdversarial(n: number): Float64Array {
  const m = Math.floor(Math.sqrt(n))
  const falls = m * (m - 1)
  const values = new Float64Array(n)
  for (let i = n - 2; i >= 0; i--) values[i] = values[i + 1] + (i < falls ? 1 + 1 / n : gapOfRise)
  return values
}
