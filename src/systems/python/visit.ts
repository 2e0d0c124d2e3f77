/** A peer's visit: agree on values and gradients first, then be timed. */

import type { Cell } from '../../core/cell.ts'
import { executed } from '../../core/method.ts'
import type { Protocol } from '../../core/protocol.ts'
import type { Observation, TurnOutcome, Warning } from '../../core/result.ts'
import { allocate, type FloatArray, longestRow, type Precision, rowCount, rowLengths } from '../../core/shape.ts'
import { type Computed, relativeError, valuesAndGradient } from '../../experiments/computed.ts'
import { timeMetrics } from '../../experiments/time-measures.ts'
import { averagedOverTies } from '../../probe/agreement.ts'
import { type OperatorInputs, operatorInputs } from '../../probe/operator-inputs.ts'
import { datasets, operators } from '../../registry.ts'
import { median } from '../../stats/quantile.ts'
import type { PeerMetric, PeerOperation, PeerSession } from './session.ts'

/** Largest relative difference that passes as rounding of the given precision. */
const agreementLimit: Readonly<Record<Precision, number>> = { f32: 1e-3, f64: 1e-8 }

function operationOf({ method, precision }: Cell, { shape }: OperatorInputs): PeerOperation {
  const { operator, method: name } = method as { operator: PeerOperation['operator']; method: string }
  const batch = rowCount(shape)
  const lengths = rowLengths(shape)
  const operation = { operator, method: name, params: method.params, precision, batch, n: longestRow(shape) }
  return operator === 'loss' ? { ...operation, lengths } : operation
}

/** What a user of the engine gets, or the truth: the reference in f64. */
function ours(cell: Cell, inputs: OperatorInputs, values: FloatArray, cotangent: FloatArray, truth = false): Computed {
  const spec = executed(operators.get(cell.method.name)!, { engine: truth ? 'reference' : 'fast' })
  const plan = spec.plan(inputs.shape, cell.method.params, truth ? 'f64' : cell.precision)
  const computed = valuesAndGradient(plan, values, inputs.labels, cotangent)
  plan.dispose()
  return computed
}

const asPrecision = (values: ArrayLike<number>, precision: Precision): FloatArray => {
  const copy = allocate(precision, values.length)
  copy.set(values)
  return copy
}

const plain = (metric: string, value: number): Observation => ({ metric, unit: '1', better: 'lower', value })

const allPasses: readonly PeerMetric[] = ['forward', 'backward', 'both']
const forwardOnly: readonly PeerMetric[] = ['forward']

async function timePass(
  pass: PeerMetric,
  session: PeerSession,
  operation: PeerOperation,
  protocol: Protocol,
  inputs: readonly FloatArray[],
  cotangent: FloatArray,
  labels: FloatArray | undefined,
): Promise<Observation> {
  const limits = { samples: protocol.samples, minBatchNs: protocol.batchNs, budgetMs: protocol.budgetMs }
  const samples = await session.time(operation, pass, limits, inputs, cotangent, labels)
  return { metric: timeMetrics[pass], unit: 'ns', better: 'lower', value: median(samples), samples }
}

/** A sort may hand tied items over in any order: only what a group of them gets together can be compared. */
const comparable = ({ operator, n }: PeerOperation, gradient: ArrayLike<number>, values: FloatArray) =>
  operator === 'sort' ? averagedOverTies(gradient, values, n) : gradient

const inputsCompared = 4

/** Their f32 against our reference in f64, on the numbers that our own engine is judged on. */
export async function judgePeer(cell: Cell, session: PeerSession): Promise<TurnOutcome> {
  const inputs = operatorInputs(datasets.get(cell.dataset.name)!, cell)
  const operation = operationOf(cell, inputs)
  const isLoss = operation.operator === 'loss'
  const cotangent = asPrecision(inputs.cotangent(isLoss ? 1 : inputs.values[0].length), cell.precision)
  const labels = isLoss ? asPrecision(inputs.labels, cell.precision) : undefined
  let [values, gradients] = [0, 0]
  for (const input of inputs.values.slice(0, inputsCompared)) {
    const rounded = asPrecision(input, cell.precision)
    const theirs = await session.evaluate(operation, rounded, cotangent, labels)
    const truth = ours(cell, inputs, rounded, cotangent, true)
    values = Math.max(values, relativeError(truth.output, theirs.output))
    const [exact, found] = [truth, theirs].map(({ gradient }) => comparable(operation, gradient, rounded))
    gradients = Math.max(gradients, relativeError(exact, found))
  }
  return {
    status: 'measured',
    observations: [plain('error.values', values), plain('error.gradients', gradients)],
    warnings: [],
  }
}

export async function visitPeer(cell: Cell, session: PeerSession, protocol: Protocol): Promise<TurnOutcome> {
  const inputs = operatorInputs(datasets.get(cell.dataset.name)!, cell)
  const operation = operationOf(cell, inputs)
  const rotating = inputs.values.map((each) => asPrecision(each, cell.precision))
  const isLoss = operation.operator === 'loss'
  const cotangent = asPrecision(inputs.cotangent(isLoss ? 1 : rotating[0].length), cell.precision)
  const labels = isLoss ? asPrecision(inputs.labels, cell.precision) : undefined
  const theirs = await session.evaluate(operation, rotating[0], cotangent, labels)
  const mine = ours(cell, inputs, rotating[0], cotangent)
  const values = plain('agreement.values', relativeError(mine.output, theirs.output))
  const gradients = plain(
    'agreement.gradients',
    relativeError(
      comparable(operation, mine.gradient, rotating[0]),
      comparable(operation, theirs.gradient, rotating[0]),
    ),
  )
  const disagreeing = [values, gradients].filter((each) => !(each.value <= agreementLimit[cell.precision]))
  const warnings: Warning[] = disagreeing.map((each) => ({
    code: 'disagreement',
    message: `${cell.implementation} disagrees: ${each.metric} ${each.value.toExponential(1)}`,
  }))
  // A pass is timed when what it computes agrees: wrong numbers have no speed.
  const passes = disagreeing.includes(values) ? [] : disagreeing.includes(gradients) ? forwardOnly : allPasses
  const times: Observation[] = []
  for (const pass of passes) times.push(await timePass(pass, session, operation, protocol, rotating, cotangent, labels))
  return { status: 'measured', observations: [values, gradients, ...times], warnings }
}
