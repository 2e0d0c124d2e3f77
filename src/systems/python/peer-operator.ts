/** An operator of ours, or one that a peer brings, computed by the peer: a plan whose passes ask it. */

import type { OperatorSpec, Plan } from '../../core/method.ts'
import { factsOf, type Operator, outputLength } from '../../core/operators.ts'
import type { Params } from '../../core/params.ts'
import { formatRef } from '../../core/selector.ts'
import { allocate, type FloatArray, type Precision, rowLengths, type Shape } from '../../core/shape.ts'
import type { BlockingPeer } from './blocking.ts'
import type { PeerAnswer, PeerOperation } from './session.ts'

/** What a peer is asked for in one go: all lists of a loss, or rows of one length. */
interface Part {
  readonly operation: PeerOperation
  /** Entries of its items, and of its output, in the whole. */
  readonly items: readonly [number, number]
  readonly outputs: readonly [number, number]
}

interface Whole {
  readonly name: { readonly operator: Operator; readonly method: string }
  readonly params: Params
  readonly precision: Precision
}

const operationOf = ({ name, params, precision }: Whole, batch: number, n: number): PeerOperation => ({
  ...name,
  params,
  precision,
  batch,
  n,
  inspect: true,
})

/** Lists of a loss go together, all but none; rows of one length too; others one by one, those without items not at all. */
function partsOf(whole: Whole, shape: Shape): Part[] {
  const lengths = rowLengths(shape)
  const { operator } = whole.name
  const items = lengths.reduce((sum, n) => sum + n, 0)
  if (items === 0) return []
  if (factsOf(operator).unit === 'loss') {
    const operation = operationOf(
      whole,
      lengths.length,
      lengths.reduce((most, n) => Math.max(most, n), 0),
    )
    return [{ operation: { ...operation, lengths }, items: [0, items], outputs: [0, 1] }]
  }
  const [n] = lengths
  if (lengths.every((length) => length === n)) {
    const outputs = lengths.length * outputLength(operator, n)
    return [{ operation: operationOf(whole, lengths.length, n), items: [0, items], outputs: [0, outputs] }]
  }
  let [item, output] = [0, 0]
  return lengths.flatMap((length): Part[] => {
    const [items, outputs] = [
      [item, item + length],
      [output, output + outputLength(operator, length)],
    ] as const
    item = items[1]
    output = outputs[1]
    return length === 0 ? [] : [{ operation: operationOf(whole, 1, length), items, outputs }]
  })
}

function outputsOf(operator: Operator, shape: Shape): number {
  if (factsOf(operator).unit === 'loss') return 1
  return rowLengths(shape).reduce((sum, n) => sum + outputLength(operator, n), 0)
}

/** What an exception of the peer begins with: it lives on, and may be asked again. */
const reported = 'the peer reports'

interface Answer extends Pick<PeerAnswer, 'output' | 'gradient' | 'after'> {
  /** Why there is no gradient. */
  readonly raised?: unknown
}

/** Both passes; of one whose gradient raises, the output alone, so that laws of outputs are judged on what it has. */
function answerOf(
  peer: BlockingPeer,
  operation: PeerOperation,
  x: FloatArray,
  u: FloatArray,
  labels?: FloatArray,
): Answer {
  try {
    return peer.evaluate(operation, x, u, labels)
  } catch (raised) {
    if (!(raised instanceof Error && raised.message.startsWith(reported))) throw raised
    const { output } = peer.evaluate({ ...operation, only: 'forward' }, x, u, labels)
    return { output, gradient: undefined, after: undefined, raised }
  }
}

/** Both passes are one question; the backward pass asks again where the cotangent is another, or where it is called again. */
function planOf(peer: BlockingPeer, whole: Whole, shape: Shape, pushes: () => boolean): Plan {
  const { precision, name } = whole
  const items = rowLengths(shape).reduce((sum, n) => sum + n, 0)
  const outputs = outputsOf(name.operator, shape)
  const parts = partsOf(whole, shape)
  const isLoss = factsOf(name.operator).unit === 'loss'
  const [values, gradient] = [allocate(precision, items), allocate(precision, items)]
  const [output, cotangent] = [allocate(precision, outputs), allocate(precision, outputs)]
  const labels = isLoss ? allocate(precision, items) : undefined
  let fresh: FloatArray | undefined
  let raised: unknown
  const ask = () => {
    raised = undefined
    for (const part of parts) {
      const x = values.slice(...part.items)
      const answer = answerOf(peer, part.operation, x, cotangent.slice(...part.outputs), labels)
      raised ??= answer.raised
      output.set(answer.output, part.outputs[0])
      if (answer.gradient) gradient.set(answer.gradient, part.items[0])
      else gradient.fill(Number.NaN)
      // What it did to its input is done to ours, so that whoever looks can see it.
      if (answer.after) values.set(answer.after, part.items[0])
    }
    fresh = cotangent.slice()
  }
  const tangents: Plan['tangents'] = () => {
    const [input, along] = [allocate(precision, items), allocate(precision, outputs)]
    return {
      input,
      output: along,
      run() {
        for (const { operation, items: part, outputs: to } of parts)
          along.set(peer.push(operation, values.slice(...part), input.slice(...part), labels), to[0])
      },
    }
  }
  return {
    values,
    labels,
    output,
    cotangent,
    gradient,
    forward: ask,
    backward() {
      if (!fresh?.every((each, i) => Object.is(each, cotangent[i]))) ask()
      fresh = undefined
      if (raised !== undefined) throw raised
    },
    // Whoever only goes forward and back is spared the question: on JAX it is one more function to compile.
    get tangents() {
      return pushes() ? tangents : undefined
    },
    dispose() {},
  }
}

/** Whether the peer has a forward mode for an operation, tried on two items. */
function pushesOf(peer: BlockingPeer, whole: Whole): boolean {
  const operation = operationOf(whole, 1, 2)
  const lists = factsOf(whole.name.operator).unit === 'loss' ? { lengths: [2] } : {}
  const two = (a: number, b: number) => allocate(whole.precision, 2).fill(a, 0, 1).fill(b, 1)
  try {
    const asked: PeerOperation = { ...operation, ...lists }
    peer.push(asked, two(0.25, 1), two(1, -1), 'lengths' in lists ? two(0, 1) : undefined)
    return true
  } catch {
    return false
  }
}

/**
 * The operator as the peer computes it: parameters and promises are those that were declared, passes are asked for.
 * @param name the operator and the method
 */
export function peerOperator(peer: BlockingPeer, name: Whole['name'], declared: OperatorSpec): OperatorSpec {
  const pushes = new Map<string, boolean>()
  const { fast: _fast, kernels: _kernels, logarithm: _logarithm, weighted: _weighted, ...spec } = declared
  return {
    ...spec,
    plan(shape, params, precision) {
      const whole: Whole = { name, params, precision }
      const key = formatRef({ name: precision, params })
      return planOf(peer, whole, shape, () => {
        const known = pushes.get(key) ?? pushesOf(peer, whole)
        pushes.set(key, known)
        return known
      })
    },
  }
}
