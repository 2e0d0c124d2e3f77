/** One cell computed by a peer: its answers, and its times once they agree with ours. */

import { type BenchmarkScript, inputsOf, scriptMetric } from '../../core/benchmark-script.ts'
import type { Cell } from '../../core/cell.ts'
import type { Dataset } from '../../core/dataset.ts'
import type { Theirs } from '../../core/experiment.ts'
import { executed, type OperatorSpec } from '../../core/method.ts'
import { methodOf } from '../../core/method-ref.ts'
import { outputLength } from '../../core/operators.ts'
import type { Protocol } from '../../core/protocol.ts'
import type { Observation, Warning } from '../../core/result.ts'
import { allocate, type FloatArray, longestRow, type Precision, rowCount, rowLengths } from '../../core/shape.ts'
import type { Computed } from '../../core/system.ts'
import { averagedOverTies } from '../../probe/agreement.ts'
import { relativeError, valuesAndGradient } from '../../probe/computed.ts'
import { type OperatorInputs, operatorInputs } from '../../probe/operator-inputs.ts'
import { agreementMetrics, memoryMetric, timeMetrics } from '../../probe/time-measures.ts'
import { median } from '../../stats/quantile.ts'
import type { PeerMetric, PeerOperation, PeerRemarks, PeerSession } from './session.ts'

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
  const { operator } = methodOf(method)
  const operation = {
    operator,
    method: method.method,
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

interface Visited {
  readonly cell: Cell
  readonly session: PeerSession
  readonly inputs: OperatorInputs
  readonly operation: PeerOperation
  readonly cotangent: FloatArray
  readonly labels: FloatArray | undefined
}

interface Answered {
  readonly output: Float64Array
  /** Absent of floors that have none. */
  readonly gradient: Float64Array | undefined
  readonly remarks: PeerRemarks
}

async function ask({ session, operation, cotangent, labels }: Visited, values: FloatArray): Promise<Answered> {
  const { output, gradient, remarks } = await session.evaluate(operation, values, cotangent, labels)
  const compared = gradient && Float64Array.from(comparable(operation, gradient, values))
  return { output: Float64Array.from(output), gradient: compared, remarks }
}

async function answer(visit: Visited, values: FloatArray): Promise<Computed> {
  const { output, gradient } = await ask(visit, values)
  return { output, gradient: gradient ?? new Float64Array(values.length).fill(Number.NaN) }
}

/** What a user of the engine gets. */
function ours({ cell, inputs, operation, cotangent }: PeerVisit, values: FloatArray, registries: Registries): Computed {
  const spec = executed(registries.operators.get(cell.method.name)!, {})
  const plan = spec.plan(inputs.shape, cell.method.params, cell.precision)
  const { output, gradient } = valuesAndGradient(plan, values, inputs.labels, cotangent)
  plan.dispose()
  return { output, gradient: Float64Array.from(comparable(operation, gradient, values)) }
}

async function timePass(visit: Visited, pass: PeerMetric, protocol: Protocol): Promise<Observation[]> {
  const { session, operation, inputs, cotangent, labels, cell } = visit
  const rotating = inputs.values.map((each) => asPrecision(each, cell.precision))
  const limits = { samples: protocol.samples, minBatchNs: protocol.batchNs, budgetMs: protocol.budgetMs }
  const { samples, peakBytes } = await session.time(operation, pass, limits, rotating, cotangent, labels)
  const time: Observation = { metric: timeMetrics[pass], unit: 'ns', better: 'lower', value: median(samples), samples }
  return [time, ...(peakBytes === undefined || pass !== 'both' ? [] : [{ ...bytes(memoryMetric), value: peakBytes }])]
}

/** A script has a process of its own: nothing was called in it before. What does not agree has no time. */
async function publishedOf(visit: Visited, script: BenchmarkScript, agree: Agree): Promise<readonly Observation[]> {
  const { session, operation, inputs, cotangent, cell } = visit
  const given = inputs.values.slice(0, inputsOf(script)).map((each) => asPrecision(each, cell.precision))
  const means = await session.published(operation, script, given, cotangent)
  const compared = await agree(inputs.values[0])
  const times = [...means].map(([pass, value]): Observation => {
    return { metric: scriptMetric(pass), unit: 'ns', better: 'lower', value, samples: [value] }
  })
  const { values, disagreeing } = compared
  if (disagreeing.includes(values)) return compared.observed
  const forward = scriptMetric('forward')
  return [...compared.observed, ...times.filter(({ metric }) => disagreeing.length === 0 || metric === forward)]
}

const bytes = (metric: string) => ({ metric, unit: 'bytes', better: 'lower' }) as const

/**
 * A slope that is small beside the one over the whole range, of an operator that is saturated, is a difference of nearly equal
 * numbers: relative to itself it is all rounding.
 */
const naturalSlope = ({ cotangent }: Visited, values: FloatArray, { output }: Computed): number =>
  (largest(cotangent) * largest(output)) / Math.max(1, largest(values))

function largest(numbers: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, Math.abs(numbers[i]))
  return most
}

/** How far the numbers of a visit are apart, whether that is all that rounding explains, and what is known where it is not. */
function compare(
  visit: Visited,
  given: FloatArray,
  theirs: Answered,
  mine: Computed,
  warn: (warning: Warning) => void,
  gradient = true,
) {
  const { cell } = visit
  const { rounding, known } = theirs.remarks
  const limit = agreementLimit[rounding === 'f32' ? 'f32' : cell.precision]
  const values = agreement(agreementMetrics.values, relativeError(mine.output, theirs.output))
  const gradients =
    gradient && theirs.gradient
      ? agreement(
          agreementMetrics.gradients,
          relativeError(mine.gradient, theirs.gradient, naturalSlope(visit, given, mine)),
        )
      : undefined
  const observed = [values, ...(gradients ? [gradients] : [])]
  const disagreeing = observed.filter((each) => !(each.value <= limit))
  for (const { metric, value } of disagreeing) {
    const off = `${cell.system} disagrees: ${metric} ${value.toExponential(1)}`
    if (known.length === 0) warn({ code: 'disagreement', message: off })
    else warn({ code: 'known defect', message: `${off}; known of it: ${known.join('; ')}` })
  }
  return { values, gradients, observed, disagreeing }
}

type Compared = ReturnType<typeof compare>
type Agree = (values: ArrayLike<number>) => Promise<Compared>

/** A pass is timed when what it computes agrees: wrong numbers have no speed. */
function passesOf({ values, gradients, disagreeing }: Compared, session: PeerSession): readonly PeerMetric[] {
  if (disagreeing.includes(values)) return []
  const agreeing = gradients === undefined || disagreeing.includes(gradients) ? forwardOnly : allPasses
  return agreeing.filter((pass) => session.info.passes.includes(pass))
}

/** Each kind of warning with its first message. */
function saidOnce(warn: (warning: Warning) => void): (warning: Warning) => void {
  const said = new Set<string>()
  return (warning) => {
    if (said.has(warning.code)) return
    said.add(warning.code)
    warn(warning)
  }
}

/** @param warn told how the peer is called, and of a disagreement, with what is known of it */
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
  const outputs = isLoss ? 1 : rowCount(inputs.shape) * outputLength(operation.operator, longestRow(inputs.shape))
  const cotangent = asPrecision(inputs.cotangent(outputs), cell.precision)
  const labels = isLoss ? asPrecision(inputs.labels, cell.precision) : undefined
  const visit: Visited = { cell, session, inputs, operation, cotangent, labels }
  const once = saidOnce(warn)
  const agree = async (values: ArrayLike<number>, gradient?: boolean) => {
    const given = asPrecision(values, cell.precision)
    const theirs = await ask(visit, given)
    return { ...compare(visit, given, theirs, ours(visit, given, registries), once, gradient), remarks: theirs.remarks }
  }
  /** What is timed: all of an operator that only they have, of others what agrees with ours. */
  const looked = async () => {
    const [given] = inputs.values
    if (!registries.operators.has(cell.method.name)) {
      const { remarks } = await ask(visit, asPrecision(given, cell.precision))
      return { remarks, observed: [], passes: allPasses.filter((pass) => session.info.passes.includes(pass)) }
    }
    const compared = await agree(given)
    return { ...compared, passes: passesOf(compared, session) }
  }
  return {
    compute: (values) => answer(visit, asPrecision(values, cell.precision)),
    comparable: (gradient, values) =>
      Float64Array.from(comparable(operation, gradient, asPrecision(values, cell.precision))),
    async agree(values, { gradients }) {
      const { observed, remarks } = await agree(values, gradients)
      const { call, notes } = remarks
      if (call !== '') once({ code: 'call', message: [call, ...notes].join('; ') })
      return observed
    },
    published: (script) => publishedOf(visit, script, agree),
    async times() {
      const compared = await looked()
      const times: Observation[] = [
        { metric: timeMetrics.first, unit: 'ns', better: 'lower', value: compared.remarks.ns },
      ]
      for (const pass of compared.passes) {
        for (const observed of await timePass(visit, pass, protocol)) times.push(observed)
      }
      return [...compared.observed, ...times]
    },
  }
}
