/** One cell computed by a peer: its answers, and its times once they agree with ours. */

import type { Cell } from '../../core/cell.ts'
import type { Dataset } from '../../core/dataset.ts'
import type { Theirs } from '../../core/experiment.ts'
import { executed, type OperatorSpec } from '../../core/method.ts'
import type { Protocol } from '../../core/protocol.ts'
import type { Observation, Warning } from '../../core/result.ts'
import { allocate, type FloatArray, longestRow, type Precision, rowCount, rowLengths } from '../../core/shape.ts'
import type { Computed } from '../../core/system.ts'
import { averagedOverTies } from '../../probe/agreement.ts'
import { relativeError, valuesAndGradient } from '../../probe/computed.ts'
import { type OperatorInputs, operatorInputs } from '../../probe/operator-inputs.ts'
import { agreementMetrics, timeMetrics } from '../../probe/time-measures.ts'
import { median } from '../../stats/quantile.ts'
import type { PeerMetric, PeerOperation, PeerSession } from './session.ts'

/**
 * Largest relative difference that passes as rounding. A sum of some thousand terms in f32 (6e-8 each) is off by 1e-4 in the
 * worst order, an exponential in it by ten times that; the same in f64 (1e-16) leaves four digits more than are asked for.
 */
const agreementLimit: Readonly<Record<Precision, number>> = { f32: 1e-3, f64: 1e-8 }

interface Registries {
  readonly operators: ReadonlyMap<string, OperatorSpec>
  readonly datasets: ReadonlyMap<string, Dataset>
}

function operationOf({ method, precision }: Cell, { shape }: OperatorInputs): PeerOperation {
  const { operator, method: name } = method as { operator: PeerOperation['operator']; method: string }
  const operation = {
    operator,
    method: name,
    params: method.params,
    precision,
    batch: rowCount(shape),
    n: longestRow(shape),
  }
  return operator === 'loss' ? { ...operation, lengths: rowLengths(shape) } : operation
}

const asPrecision = (values: ArrayLike<number>, precision: Precision): FloatArray => {
  const copy = allocate(precision, values.length)
  copy.set(values)
  return copy
}

const agreement = (metric: string, value: number): Observation => ({ metric, unit: '1', better: 'lower', value })

const allPasses: readonly PeerMetric[] = ['forward', 'backward', 'both']
const forwardOnly: readonly PeerMetric[] = ['forward']

/** A sort may hand tied items over in any order: only what a group of them gets together can be compared. */
const comparable = ({ operator, n }: PeerOperation, gradient: ArrayLike<number>, values: FloatArray) =>
  operator === 'sort' ? averagedOverTies(gradient, values, n) : gradient

interface PeerVisit {
  readonly cell: Cell
  readonly session: PeerSession
  readonly inputs: OperatorInputs
  readonly operation: PeerOperation
  readonly cotangent: FloatArray
  readonly labels: FloatArray | undefined
}

async function answer({ session, operation, cotangent, labels }: PeerVisit, values: FloatArray): Promise<Computed> {
  const { output, gradient } = await session.evaluate(operation, values, cotangent, labels)
  return { output: Float64Array.from(output), gradient: Float64Array.from(comparable(operation, gradient, values)) }
}

/** What a user of the engine gets. */
function ours({ cell, inputs, operation, cotangent }: PeerVisit, values: FloatArray, registries: Registries): Computed {
  const spec = executed(registries.operators.get(cell.method.name)!, {})
  const plan = spec.plan(inputs.shape, cell.method.params, cell.precision)
  const { output, gradient } = valuesAndGradient(plan, values, inputs.labels, cotangent)
  plan.dispose()
  return { output, gradient: Float64Array.from(comparable(operation, gradient, values)) }
}

async function timePass(visit: PeerVisit, pass: PeerMetric, protocol: Protocol): Promise<Observation> {
  const { session, operation, inputs, cotangent, labels, cell } = visit
  const rotating = inputs.values.map((each) => asPrecision(each, cell.precision))
  const limits = { samples: protocol.samples, minBatchNs: protocol.batchNs, budgetMs: protocol.budgetMs }
  const samples = await session.time(operation, pass, limits, rotating, cotangent, labels)
  return { metric: timeMetrics[pass], unit: 'ns', better: 'lower', value: median(samples), samples }
}

/** @param warn told of a disagreement, with what is known of the peer */
export function theirsOf(
  cell: Cell,
  session: PeerSession,
  protocol: Protocol,
  registries: Registries,
  warn: (warning: Warning) => void,
): Theirs {
  const inputs = operatorInputs(registries.datasets.get(cell.dataset.name)!, cell)
  const operation = operationOf(cell, inputs)
  const isLoss = operation.operator === 'loss'
  const cotangent = asPrecision(inputs.cotangent(isLoss ? 1 : inputs.values[0].length), cell.precision)
  const labels = isLoss ? asPrecision(inputs.labels, cell.precision) : undefined
  const visit: PeerVisit = { cell, session, inputs, operation, cotangent, labels }
  return {
    compute: (values) => answer(visit, asPrecision(values, cell.precision)),
    comparable: (gradient, values) =>
      Float64Array.from(comparable(operation, gradient, asPrecision(values, cell.precision))),
    async times() {
      const first = asPrecision(inputs.values[0], cell.precision)
      const theirs = await answer(visit, first)
      const mine = ours(visit, first, registries)
      const values = agreement(agreementMetrics.values, relativeError(mine.output, theirs.output))
      const gradients = agreement(agreementMetrics.gradients, relativeError(mine.gradient, theirs.gradient))
      const disagreeing = [values, gradients].filter((each) => !(each.value <= agreementLimit[cell.precision]))
      for (const { metric, value } of disagreeing) {
        warn({ code: 'disagreement', message: `${cell.system} disagrees: ${metric} ${value.toExponential(1)}` })
      }
      // A pass is timed when what it computes agrees: wrong numbers have no speed.
      const passes = disagreeing.includes(values) ? [] : disagreeing.includes(gradients) ? forwardOnly : allPasses
      const times: Observation[] = []
      for (const pass of passes) times.push(await timePass(visit, pass, protocol))
      return [values, gradients, ...times]
    },
  }
}
