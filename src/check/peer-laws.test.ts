import { describe, expect, test } from 'vitest'
import type { OperatorSpec } from '../core/method.ts'
import { operators } from '../methods/registry.ts'
import { brokenLaws, certify } from './certificate.ts'
import { peerLaws } from './peer-laws.ts'
import type { Sample } from './sample.ts'
import { shrink } from './shrink.ts'

const name = 'loss:pointwise-mse'
const squares = operators.get(name)!
const options = { seed: 1, rows: 24, smallest: true }
const brokenOf = (spec: OperatorSpec) =>
  brokenLaws(certify({ name, spec, precision: 'f32', operators, laws: peerLaws(operators) }, options))

/** As TensorFlow says it, with what it puts in between. */
const refusal = ['in user code:', '', '    File "losses.py", line 9', '', '  TypeError: float64'].join('\n')

/** Squares of 1e30 have no f32. */
const singleOnly: OperatorSpec = {
  ...squares,
  plan(shape, params, precision) {
    if (precision === 'f64') throw new Error(refusal)
    return squares.plan(shape, params, precision)
  },
}

describe('laws for a peer', () => {
  test('do not ask one that has f32 alone in f64 to learn whether the true value has an f32', () => {
    expect(brokenOf(singleOnly).map(({ law }) => law)).not.toContain('finite')
  })
  test('show an exception in one line, without the calls that led to it', () => {
    // 'f32 = f64 rounded' is for peers that have both.
    const { counterexample } = brokenOf(singleOnly).find(({ law }) => law === 'f32 = f64 rounded')!
    expect(counterexample).toMatch(/: in user code: \.\.\. TypeError: float64$/)
  })
})

describe('the smallest row that breaks a law', () => {
  const draw = (): Sample => ({
    kind: 'random',
    values: Float64Array.of(0.25, 0.5, 0.75),
    labels: Float64Array.of(0, 1, 2),
    random: undefined as never,
  })
  test('has no item and no digit more than the law needs', () => {
    const { sample } = shrink(draw, 'large', ({ values }) => (Math.max(...values) > 0.6 ? 'large' : undefined))
    expect([...sample.values]).toEqual([0.5, 0.8])
  })
  test('is the one that was found where a judgement does not end before its limit', () => {
    let judged = 0
    const hangs = () => {
      judged++
      return 'no answer within 120 s'
    }
    const { sample } = shrink(draw, 'no answer within 120 s', hangs, () => 120_000)
    expect(judged).toBe(0)
    expect([...sample.values]).toEqual([0.25, 0.5, 0.75])
  })
})
