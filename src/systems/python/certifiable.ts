/** A peer as laws can look at it: the operators it offers, each a plan that asks it. */

import { type OperatorSpec, promisesOf } from '../../core/method.ts'
import { methodRef } from '../../core/method-ref.ts'
import { factsOf } from '../../core/operators.ts'
import type { Params } from '../../core/params.ts'
import { allocate, type Precision } from '../../core/shape.ts'
import type { PythonSystems } from './adapters.ts'
import { type BlockingPeer, openBlocking } from './blocking.ts'
import { peerOperator } from './peer-operator.ts'
import type { PeerOperation } from './session.ts'

/** An operator that may be asked of a peer, at points of its parameters. */
export interface AskedOperator {
  readonly name: string
  readonly spec: OperatorSpec
  readonly points: readonly Params[]
}

/** One that the peer offers. */
interface OfferedOperator extends AskedOperator {
  readonly precision: Precision
  /** What its results may carry; undefined: what ours may. */
  readonly rounding: number | undefined
}

type CertifiablePeer =
  | { readonly status: 'missing'; readonly lacks: string }
  | {
      readonly status: 'found'
      readonly versions: string
      readonly operators: readonly OfferedOperator[]
      close(): Promise<void>
    }

/** Rows of laws have up to nine items, lists of losses any number. */
const longest = 9
/** Every point is a graph, or a function to compile, of each length. */
const mostPoints = 3
const limitMs = 120_000
/** Sums of some terms in f32, or an epsilon of a peer's own: 2^-24 each, and some to spare. Ours sums in f64. */
const singleRounding = 2 ** -16

const evenly = <T>(all: readonly T[]): T[] =>
  all.length <= mostPoints
    ? [...all]
    : Array.from({ length: mostPoints }, (_, i) => all[Math.floor((i * all.length) / mostPoints)])

/** Parameters that say how ours goes about it, or what is random: no two answers. */
const ofOurs = [
  'algorithm',
  'seed',
  'beta',
  'samples',
  'iterations',
  'tolerance',
  'reduction',
  'ignore',
  'negative-labels',
]

/** No more is selected than the shortest row has; softness 0, the hard operator, is a convention of ours. */
function fits(params: Params, spec: OperatorSpec, usual: Params): boolean {
  const { softness } = promisesOf(spec, usual)
  const isSoft = softness === undefined || Number(params[softness.param]) > 0
  const plain = ofOurs.every((name) => params[name] === undefined || params[name] === spec.params[name].default)
  return isSoft && plain && Number(params.k ?? 1) <= 2
}

/** An operator in one precision. */
type Wish = AskedOperator & { readonly precision: Precision }

/** Those of its points that the peer offers, of every wish; all questions go in one, since each starts a Python. */
async function offered(systems: PythonSystems, peer: string, wishes: readonly Wish[]): Promise<Wish[]> {
  const possible = wishes.map((wish) => ({
    ...wish,
    points: wish.points.filter((params) => fits(params, wish.spec, wish.points[0])),
  }))
  const questions = possible.flatMap(({ name, points, precision }) =>
    points.map((params) => ({
      method: methodRef({ name, params }),
      dataset: { name: 'rows', params: { batch: 1, n: longest } },
      precision,
    })),
  )
  const answers = (await systems.offering(questions)).values()
  return possible.flatMap((wish) => {
    const points = wish.points.filter(() => answers.next().value?.includes(peer))
    return points.length === 0 ? [] : [{ ...wish, points: evenly(points) }]
  })
}

/** What the peer says of itself where it is first asked; a first call that fails is what laws will show. */
function roundingOf(
  peer: BlockingPeer,
  name: AskedOperator['name'],
  params: Params,
  precision: Precision,
): number | undefined {
  if (precision === 'f32') return singleRounding
  const { operator, method } = methodRef({ name, params })
  const lists = factsOf(operator).unit === 'loss' ? { lengths: [2] } : {}
  const operation: PeerOperation = { operator, method, params, precision, batch: 1, n: 2, ...lists }
  const two = (a: number, b: number) => allocate(precision, 2).fill(a, 0, 1).fill(b, 1)
  const outputs =
    'lengths' in lists ? 1 : factsOf(operator).output === 'pair' ? 4 : factsOf(operator).output === 'row' ? 1 : 2
  try {
    const u = allocate(precision, outputs).fill(1)
    const { remarks } = peer.evaluate(operation, two(0.25, 1), u, 'lengths' in lists ? two(0, 1) : undefined)
    return remarks.rounding === 'f32' ? singleRounding : undefined
  } catch {
    return undefined
  }
}

/**
 * @param asked operators of ours that may be looked at; those that the adapter brings come too
 * @throws RankBenchError(peer) where its adapter cannot be asked
 */
export async function certifiablePeer(
  systems: PythonSystems,
  name: string,
  asked: readonly AskedOperator[],
  precisions: readonly Precision[],
): Promise<CertifiablePeer> {
  const presence = await systems.describe(name)
  if ('missing' in presence) return { status: 'missing', lacks: presence.missing }
  const peer = openBlocking({ ...systems.start(name)!, threads: 1, timeoutMs: limitMs })
  const wishes = asked.flatMap((each) => precisions.map((precision) => ({ ...each, precision })))
  const operators = (await offered(systems, name, wishes)).map((wish): OfferedOperator => {
    const { operator, method } = methodRef({ name: wish.name, params: wish.points[0] })
    return {
      ...wish,
      spec: peerOperator(peer, { operator, method }, wish.spec),
      rounding: roundingOf(peer, wish.name, wish.points[0], wish.precision),
    }
  })
  return { status: 'found', versions: presence.versions, operators, close: () => peer.close() }
}
