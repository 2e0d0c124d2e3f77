import { describe, expect, test } from 'vitest'
import { RankBenchError } from '../../core/errors.ts'
import { methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { raggedShape } from '../../core/shape.ts'
import { operators } from '../../methods/registry.ts'
import type { BlockingPeer } from './blocking.ts'
import { peerOperator } from './peer-operator.ts'
import type { PeerOperation } from './session.ts'

const name = 'rank:sigmoid'
const declared = operators.get(name)!
const params = resolveParams(declared.params, {}, name)
const remarks = { call: '', notes: [], rounding: '', known: [], ns: 1 }

/** Answers with the values; the gradient raises, in the words given. */
function without(gradient: string) {
  const asked: PeerOperation[] = []
  const peer: BlockingPeer = {
    evaluate(operation, values) {
      asked.push(operation)
      if (operation.only !== 'forward') throw new RankBenchError('peer', gradient)
      return { output: values.slice(), gradient: undefined, after: undefined, remarks }
    },
    push() {
      asked.push({ ...asked[0], method: 'push' })
      throw new RankBenchError('peer', 'the peer reports NotImplementedError: no forward mode')
    },
    close: async () => {},
  }
  const plan = peerOperator(peer, methodRef({ name, params }), declared).plan(raggedShape([3]), params, 'f64')
  plan.values.set([3, 1, 2])
  return { plan, asked }
}

describe('an operator of a peer', () => {
  test('has its output where the gradient raises, and raises where the gradient is asked for', () => {
    const { plan } = without('the peer reports LinAlgError: singular')
    plan.forward()
    expect([...plan.output]).toEqual([3, 1, 2])
    expect(() => plan.backward()).toThrow('singular')
  })
  test('is not asked again where it hung or crashed', () => {
    const { plan, asked } = without('no answer to "evaluate" within 120 s; the peer process was ended')
    expect(() => plan.forward()).toThrow('no answer')
    expect(asked).toHaveLength(1)
  })
  test('is asked for its forward mode once, and only where that is looked at', () => {
    const { plan, asked } = without('the peer reports LinAlgError: singular')
    plan.forward()
    const pushes = () => asked.filter(({ method }) => method === 'push').length
    expect(pushes()).toBe(0)
    expect(plan.tangents).toBeUndefined()
    expect(plan.tangents).toBeUndefined()
    expect(pushes()).toBe(1)
  })
})
