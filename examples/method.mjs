/**
 * A method of your own: soft ranks by pairwise Cauchy steps.
 *
 *   r_i = 1 + sum over j != i of 1/2 + arctan(s (x_i - x_j) / strength) / pi,   s = 1 ascending, -1 descending
 *
 * Try it:
 *   rank-bench check --plugin ./examples/method.mjs
 *   rank-bench apply rank:cauchy-ranks --values '[5,1,2]' --plugin ./examples/method.mjs
 *   rank-bench run -m 'rank:cauchy-ranks|sigmoid' -d 'sorting[n=100]' --plugin ./examples/method.mjs
 *   rank-bench apply 'loss:spearman[rank=cauchy-ranks]' --values '[5,1,2]' --labels '[2,0,1]' --plugin ./examples/method.mjs
 */

/** @type {import('rank-bench').Plugin} */
export default ({ defineMethod, itemOperator, params }) => {
  /** The step and its slope at v. */
  const step = (v) => 0.5 + Math.atan(v) / Math.PI
  const slope = (v) => 1 / (Math.PI * (1 + v * v))

  /**
   * The kernel of one row. `x` holds the values, `y` the output; `yBar` is the gradient in y that backward is given,
   * `xBar` the gradient in x that it writes. Allocate here; the passes below must allocate nothing.
   */
  const rankRow = ({ x, y, yBar, xBar }, { strength, direction }) => {
    const n = x.length
    const sign = direction === 'ascending' ? 1 : -1
    /** A tie counts half at any strength; testing it also keeps 0 / 0 out at strength 0, the hard ranks. */
    const beats = (i, j) => (x[i] === x[j] ? 0.5 : step((sign * (x[i] - x[j])) / strength))
    const slopeOf = (i, j) => (strength === 0 ? 0 : (sign * slope((x[i] - x[j]) / strength)) / strength)
    return {
      forward() {
        for (let i = 0; i < n; i++) {
          y[i] = 1
          for (let j = 0; j < n; j++) if (j !== i) y[i] += beats(i, j)
        }
      },
      /** Overwrites xBar. */
      backward() {
        xBar.fill(0)
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < i; j++) {
            const pulled = slopeOf(i, j) * (yBar[i] - yBar[j])
            xBar[i] += pulled
            xBar[j] -= pulled
          }
        }
      },
      /** Forward mode, optional: the derivative of y along xDot. */
      push(xDot, yDot) {
        yDot.fill(0)
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) if (j !== i) yDot[i] += slopeOf(i, j) * (xDot[i] - xDot[j])
        }
      },
    }
  }

  return {
    methods: [
      defineMethod({
        name: 'cauchy-ranks',
        title: 'Ranks as sums of pairwise Cauchy steps',
        citations: [],
        operators: {
          rank: itemOperator(
            {
              params: { strength: params.strength, direction: params.direction('ascending') },
              // How time and memory grow with the length of a row; `check --growth` measures it.
              growth: { forward: 'n^2', backward: 'n^2', memory: 'n' },
              // 'surrogate' when backward is by design not the derivative of forward.
              gradient: 'exact',
              // Everything said here is checked on thousands of rows; what is left out is not.
              promises: {
                softness: { param: 'strength', units: 1 },
                hardLimit: true,
                sum: 'ranks',
                ordered: true,
                monotone: true,
                shift: 'stays',
              },
            },
            rankRow,
          ),
        },
      }),
    ],
  }
}
