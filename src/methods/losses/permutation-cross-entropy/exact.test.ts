import { describe, expect, test } from 'vitest'
import { apply } from '../../../api/apply.ts'
import type { OperatorWarning } from '../../../api/warnings.ts'

const scores = [0.5, -1.25, 2]
const engines = ['fast', 'reference'] as const

/** From the formulas, in 60 digits (mpmath), gradients by differences of 1e-25. */
const certainMistakes: [string, number, number[]][] = [
  ['permutation-cross-entropy[matrix=softsort[tau=0.001]]', 6500, [0, -2000, 2000]],
  ['permutation-cross-entropy[matrix=softsort[tau=0.001,power=2]]', 21125, [0, -13000, 13000]],
  ['permutation-cross-entropy[matrix=neuralsort[tau=0.001]]', 13000, [0, -4000, 4000]],
  ['permutation-cross-entropy[matrix=sinkhorn[epsilon=0.01]]', 475, [-100, -100, 200]],
  ['permutation-cross-entropy[matrix=sinkhorn[epsilon=0.005]]', 950, [-200, -200, 400]],
  ['topk-cross-entropy[operator=softsort[tau=0.001]]', 3250, [0, -1000, 1000]],
  ['topk-cross-entropy[operator=softsort[tau=0.001],p_k=0.5x0.5]', 1750.6931471806, [1000, -1000, 0]],
  ['topk-cross-entropy[operator=softsort[tau=0.001,power=2],p_k=0.5x0.5]', 3063.1931471806, [3500, -3500, 0]],
  ['topk-cross-entropy[operator=neuralsort[tau=0.001]]', 6750, [2000, -3000, 1000]],
  ['topk-cross-entropy[operator=neuralsort[tau=0.001],p_k=0.5x0.5]', 1750.6931471806, [1000, -1000, 0]],
]

/** The same for networks: steps, scores, labels, value, gradient. */
const swappedNetworks: [string, number[], number[], number, number[]][] = [
  ['distribution=gaussian', scores, [1, 2, 3], 312.432462607573, [351.1355125840139, -351.1355125840139, 0]],
  [
    'distribution=gaussian,network=bitonic',
    [0.5, -1.25, 2, 7.5, -3],
    [1, 0, 3, 2, 4],
    7463.657973935116,
    [24.906888020328736, 0, -399.5208298979821, 1600.2769189959765, -1225.6629771183232],
  ],
  ['distribution=logistic,steepness=1000', scores, [1, 2, 3], 3498.61370563888, [2000, -2000, 0]],
  [
    'distribution=logistic,steepness=40,network=bitonic',
    [0.5, -1.25, 30, 7.5, -3],
    [1, 4, 0, 2, 4],
    3336.128798989092,
    [0, -80, 80, 80, -80],
  ],
  [
    'distribution=cauchy',
    [0.5, -1250, 2e6],
    [1, 2, 0],
    57.069197900000376,
    [0.0015983398927896337, -0.0015993398930157607, 1.0000002261268077e-6],
  ],
  [
    'distribution=art,steepness=40',
    [0.5, -125, 2000],
    [1, 2, 0],
    26920.759489534805,
    [8.953632384844292, -17.926285915599138, 8.972653530754844],
  ],
  [
    'distribution=reciprocal,steepness=40,network=bitonic',
    [0.5, -125, 2000],
    [1, 2, 0],
    39.622517651657674,
    [0.014928113367533802, -0.01592831966743488, 0.0010002062999010795],
  ],
  [
    'distribution=optimal,steepness=40,network=bitonic',
    [0.5, -125, 2000],
    [1, 2, 0],
    50.71180387374417,
    [0.01493590688401468, -0.01593615577407007, 0.001000248890055388],
  ],
]

test.each(swappedNetworks)(
  'a network with %s has the logarithm of every entry, and its gradient, however small it is',
  (steps, values, labels, loss, gradient) => {
    for (const precision of ['f64', 'f32'] as const) {
      const digits = precision === 'f64' ? 1e-12 : 1e-6
      const selector = `loss:permutation-cross-entropy[matrix=network[${steps}]]`
      const found = apply(selector, values, { labels, cotangent: 1, precision })
      const largest = Math.max(...gradient.map(Math.abs))
      expect(Math.abs((found.output as number) / loss - 1)).toBeLessThan(digits)
      for (const [i, g] of (found.gradient as number[]).entries()) {
        expect(Math.abs(g - gradient[i])).toBeLessThan(digits * largest)
      }
    }
  },
)

test.each([
  ['softsort[tau=0.001]', [1e308, -1e308]],
  ['network[distribution=gaussian]', [1e200, -1e200]],
])('what is too certain for any number is refused, not cut off: %s of %j', (matrix, values) => {
  for (const engine of engines) {
    const call = () => apply(`loss:permutation-cross-entropy[matrix=${matrix}]`, values, { labels: [0, 1], engine })
    expect(call).toThrow(/is Infinity/)
  }
})

test('sums of entries of a network are taken from logarithms as well', () => {
  const selector = 'loss:topk-cross-entropy[p_k=0.5x0.5,operator=network[distribution=gaussian]]'
  const found = apply(selector, scores, { labels: [0, 1, 0], cotangent: 1 })
  expect(found.output).toBeCloseTo(156.9093784843464, 11)
  for (const [i, g] of [175.56775629200695, -175.56775629200695, 0].entries()) {
    expect((found.gradient as number[])[i]).toBeCloseTo(g, 10)
  }
})

// The recursion over items multiplies chances and their complements; 1 - p would leave none of the smallest.
test('small entries of a matrix without logarithms keep their digits', () => {
  const selector = 'loss:permutation-cross-entropy[matrix=softrank[sigma=0.25]]'
  const found = apply(selector, scores, { labels: [1, 2, 3], cotangent: 1 })
  expect(found.output).toBeCloseTo(29.611191256035184, 10)
  for (const [i, g] of [29.06467686264011, -29.06439835346137, -0.0002785091787367323].entries())
    expect((found.gradient as number[])[i]).toBeCloseTo(g, 9)
})

describe.each(engines)('cross entropies of relaxed permutations, %s', (engine) => {
  test.each(certainMistakes)(
    '%s of a certain mistake costs %d and has the gradient that repairs it',
    (loss, value, gradient) => {
      const labels = loss.startsWith('topk') ? [0, 1, 0] : loss.includes('sinkhorn') ? [3, 2, 1] : [2, 3, 1]
      const found = apply(`loss:${loss}`, scores, { labels, cotangent: 1, engine })
      expect(found.output).toBeCloseTo(value, 9)
      for (const [i, g] of gradient.entries()) expect((found.gradient as number[])[i]).toBeCloseTo(g, 8)
    },
  )

  test('a mean of noisy NeuralSorts has logarithms as well', () => {
    const loss = 'loss:permutation-cross-entropy[matrix=neuralsort[tau=0.001,samples=2,beta=0]]'
    expect(apply(loss, scores, { labels: [2, 3, 1], engine }).output).toBeCloseTo(13000, 9)
  })

  // Columns of SoftSort need not sum to 1: the last sum is 1 by its meaning, not by adding up.
  test('what is certain costs nothing, and never less', () => {
    const loss = (p: string) => `loss:topk-cross-entropy[p_k=${p}]`
    const row = [0.3, -0.2, 0.1]
    expect(apply(loss('0x0x0x0x1'), row, { labels: [1, 0, 1], cotangent: 1, engine })).toMatchObject({
      output: 0,
      gradient: [0, 0, 0],
    })
    // mpmath: the sums of the first two entries stay below 1 here, and the third one is 1.
    const mixed = apply(loss('0x0.25x0.75'), row, { labels: [1, 1, 1], cotangent: 1, engine })
    expect(mixed.output).toBeCloseTo(0.2619470581473, 14)
    const expected = [0.00015768751879472, -0.0056794586349383, 0.0055217711161436]
    for (const [i, g] of expected.entries()) expect((mixed.gradient as number[])[i]).toBeCloseTo(g, 14)
    for (let tau = 0.05; tau < 20; tau *= 2) {
      for (const operator of ['softsort', 'neuralsort']) {
        const each = `loss:topk-cross-entropy[operator=${operator}[tau=${tau}],p_k=0.1x0.3x0.6]`
        const { output } = apply(each, [0.9, 1, 1.1, -4, 5], { labels: [1, 1, 1, 1, 1], engine })
        expect(output).toBeGreaterThanOrEqual(0)
      }
    }
  })

  test.each(['network[error-free=true]', 'lapsum[alpha=0.001]', 'hard'])(
    '%s, which has no logarithm, says how many chances it cuts off',
    (matrix) => {
      const warnings: OperatorWarning[] = []
      const loss = `loss:permutation-cross-entropy[matrix=${matrix}]`
      const onWarning = (warning: OperatorWarning) => void warnings.push(warning)
      const found = apply(loss, scores, { labels: [1, 2, 3], engine, onWarning, cotangent: 1 })
      expect(warnings.filter(({ code }) => code === 'cut off')).toMatchObject([{ value: 2 }])
      expect(found.diagnostics).toEqual({ 'cut off': [2] })
      expect(found.output).toBeCloseTo(-2 * Math.log(1e-290), 6)
    },
  )
})
