import { describe, expect, test } from 'vitest'
import { parsePolicyLine, usualPolicy } from '../../judge/gate/policy.ts'
import { heldPolicy } from './floor.ts'
import { gatePlan } from './options.ts'

const plan = gatePlan({})
const floor = (deviation: number) => ({ machine: 'this', at: '2026-01-01T00:00:00Z', deviation, rounds: 12 })
const none = () => {}

describe('a limit below the noise floor', () => {
  test('is refused where it was asked for, with the smallest that can be held', () => {
    const policy = [...usualPolicy, parsePolicyLine('time.forward=0.5%')]
    expect(() => heldPolicy(policy, plan, floor(0.02), none)).toThrow(
      /0\.5 % is below the noise floor: this machine tells \d\.\d % apart in 24 rounds/,
    )
  })
  test('is raised where it is only the usual one, and that is said', () => {
    const notes: string[] = []
    const [time] = heldPolicy(usualPolicy, plan, floor(0.1), (text) => notes.push(text))
    expect(time.limit!.most).toBeGreaterThan(0.03)
    expect(notes).toHaveLength(1)
  })
  test('more rounds hold smaller limits', () => {
    const policy = [parsePolicyLine('time.*=1%')]
    expect(() => heldPolicy(policy, gatePlan({ rounds: 12 }), floor(0.02), none)).toThrow(/noise floor/)
    expect(heldPolicy(policy, gatePlan({ rounds: 96 }), floor(0.02), none)).toEqual(policy)
  })
  test('is not known where doctor did not look, and does not hold for results', () => {
    expect(heldPolicy([parsePolicyLine('time.*=0.1%')], plan, undefined, none)).toHaveLength(1)
    expect(heldPolicy([parsePolicyLine('size*=0.1%')], plan, floor(0.5), none)).toHaveLength(1)
  })
})
