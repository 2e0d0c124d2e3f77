import { describe, expect, test } from 'vitest'
import { kindOf, limitOf, parseLimit, parsePolicyLine, usualPolicy } from './policy.ts'

const names = ['latency', 'rank:sigmoid[strength=1]', 'sorting[n=100]']

describe('a policy', () => {
  test('takes the last line that fits, whatever stands before it', () => {
    const lines = [...usualPolicy, parsePolicyLine('time.*=10%'), parsePolicyLine('rank:*/time.forward=2%')]
    expect(limitOf(lines, names, 'time.forward')?.most).toBe(0.02)
    expect(limitOf(lines, names, 'time.backward')?.most).toBe(0.1)
    expect(limitOf(lines, ['sort:softsort'], 'time.forward')?.most).toBe(0.1)
  })
  test('gates nothing that no line names, or that a line switches off', () => {
    expect(limitOf(usualPolicy, names, 'epochs')).toBeUndefined()
    expect(limitOf([...usualPolicy, parsePolicyLine('time*=off')], names, 'time.forward')).toBeUndefined()
  })
  test('gives a reason with every limit that ships', () => {
    expect(usualPolicy.filter(({ limit }) => !limit?.because)).toEqual([])
  })
})

describe('a limit', () => {
  test('is a share or an amount', () => {
    expect(parseLimit('3%')).toEqual({ by: 'share', most: 0.03 })
    expect(parseLimit('0.005')).toEqual({ by: 'amount', most: 0.005 })
    expect(parseLimit('off')).toBeUndefined()
  })
  test.each(['', '3 percent', '-3%', 'NaN', '3%%'])('is refused as %s, with what was expected', (text) => {
    expect(() => parseLimit(text)).toThrow(/expected a share such as 3%/)
  })
  test('is split from its metric at the last equals sign: metrics hold conventions', () => {
    expect(parsePolicyLine('ndcg@10(gain=exp2)=0.01')).toMatchObject({ metric: 'ndcg@10(gain=exp2)' })
    expect(() => parsePolicyLine('time')).toThrow(/metric=limit/)
  })
})

test('instructions and sizes stand apart from times', () => {
  expect(kindOf({ metric: 'instructions', unit: '1' })).toBe('count')
  expect(kindOf({ metric: 'memory.plan', unit: 'bytes' })).toBe('size')
  expect(kindOf({ metric: 'work', unit: 'ns' })).toBe('time')
  expect(kindOf({ metric: 'ndcg@10:mslr', unit: '1' })).toBe('result')
})
