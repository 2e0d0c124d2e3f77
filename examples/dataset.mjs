/**
 * A data set of your own: rows in which half of the values crowd around each of two centres.
 *
 * Try it:
 *   rank-bench check --plugin ./examples/dataset.mjs
 *   rank-bench run -m 'rank:permutahedron' -d 'two-crowds[n=64..256]' --plugin ./examples/dataset.mjs
 */

/** @type {import('rank-bench').Plugin} */
export default ({ randomStream, formatRef }) => ({
  datasets: [
    {
      // 'lists': rows of numbers for operators. 'ranking': queries with features and labels in folds; such a data set
      // has `folds(params)` and `load(fold, params, context)` instead of `generate`.
      kind: 'lists',
      name: 'two-crowds',
      title: 'Rows with two crowds of nearly equal values',
      licence: 'generated',
      citation: 'none',
      params: {
        batch: { kind: 'number', default: 8, min: 1, integer: true, meaning: 'rows' },
        n: { kind: 'number', default: 100, min: 1, integer: true, meaning: 'values in a row' },
        width: { kind: 'number', default: 0.01, min: 0, meaning: 'standard deviation within a crowd' },
      },
      /** Part of every result's key: change it when the same parameters draw other numbers. */
      digest: async (params) => `${formatRef({ name: 'two-crowds', params })}, version 1`,
      /** The same seed gives the same numbers on every machine. */
      generate({ batch, n, width }, seed) {
        const random = randomStream(seed, 'two-crowds')
        return {
          offsets: Uint32Array.from({ length: batch + 1 }, (_, q) => q * n),
          values: Float64Array.from({ length: batch * n }, () => random.integer(2) + width * random.normal()),
        }
      },
    },
  ],
})
