/**
 * What does softness cost and buy? From nearly hard to very soft: distance from the hard operator, agreement with the
 * true order, and how much of the gradient is signal. On the axis of distance all methods can be compared, whatever
 * their parameter is called.
 *
 * Signal to noise: values are a row of standard normals plus noise of a tenth of that, drawn again and again; the
 * gradient of |y - target|^2 / 2, target being the hard answer of another row, has a mean and a scatter over the draws:
 *
 *   snr = |mean of gradients| / root mean square of their distance from the mean
 */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment, Scope } from '../../core/experiment.ts'
import { maximum } from '../../core/extremes.ts'
import type { Measure } from '../../core/measure.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { hard, hardCounterpart, methodOf } from '../../core/method-ref.ts'
import type { Operator } from '../../core/operators.ts'
import { sharedParams } from '../../core/params.ts'
import { type Random, randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import type { Ref } from '../../core/selector.ts'
import { regularShape } from '../../core/shape.ts'
import { atSoftness } from '../../core/softness.ts'
import { asMapped, oneList } from '../../probe/as-mapped.ts'
import { axis, axisMeasure } from '../../probe/axis.ts'
import { distanceFromHard } from '../../probe/distance.ts'
import { operatorCells } from '../operator-cells.ts'

/** Softness in standard deviations of the values, four steps a decade. */
const softnessAxis: readonly number[] = Array.from({ length: 29 }, (_, i) => 10 ** (-4 + i / 4))

/** A correlation r of 64 draws scatters by (1 - r^2) / 8. */
const draws = 64
/** In standard deviations of the values: most pairs keep their order, neighbours change theirs. */
const noise = 0.1

interface CurvePoint {
  readonly distance: number
  readonly agreement: number
  readonly snr: number
}

const normalRow = (n: number, random: Random): Float64Array => Float64Array.from({ length: n }, () => random.normal())

/** A function to the answers of an operator on one row. */
function answers(spec: OperatorSpec, params: Ref['params'], n: number): (values: Float64Array) => Float64Array {
  const plan = spec.plan(regularShape(1, n), params, 'f64')
  return (values) => {
    plan.values.set(values)
    plan.forward()
    return Float64Array.from(plan.output)
  }
}

/** Pearson correlation; 0 when either side is constant. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length
  let [meanA, meanB] = [0, 0]
  for (let i = 0; i < n; i++) {
    meanA += a[i] / n
    meanB += b[i] / n
  }
  let [ab, aa, bb] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB)
    aa += (a[i] - meanA) ** 2
    bb += (b[i] - meanB) ** 2
  }
  return aa > 1e-24 * n && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/** |mean| / root mean square distance from it; 0 when all gradients are 0. */
function signalToNoise(gradients: readonly Float64Array[]): number {
  const n = gradients[0].length
  const mean = new Float64Array(n)
  for (const gradient of gradients) for (let i = 0; i < n; i++) mean[i] += gradient[i] / gradients.length
  let [signal, scatter] = [0, 0]
  for (let i = 0; i < n; i++) signal += mean[i] ** 2
  for (const gradient of gradients)
    for (let i = 0; i < n; i++) scatter += (gradient[i] - mean[i]) ** 2 / gradients.length
  return scatter === 0 ? 0 : Math.sqrt(signal / scatter)
}

/** Gradients of |y - target|^2 / 2 in the values, one a noisy draw. */
function noisyGradients(
  spec: OperatorSpec,
  params: Ref['params'],
  x: Float64Array,
  target: Float64Array,
  random: Random,
) {
  const plan = spec.plan(regularShape(1, x.length), params, 'f64')
  return Array.from({ length: draws }, () => {
    plan.values.set(x.map((value) => value + noise * random.normal()))
    plan.forward()
    for (let i = 0; i < target.length; i++) plan.cotangent[i] = plan.output[i] - target[i]
    plan.backward()
    return Float64Array.from(plan.gradient)
  })
}

function pointAt(cell: Cell, bench: Bench, params: Ref['params'], n: number): CurvePoint {
  const method = methodOf(cell.method)
  const [spec, hardSpec] = [bench.operator(method), bench.operator(hardCounterpart(method))]
  const random = randomStream(cell.seed, 'fidelity')
  const [x, other] = [normalRow(n, random), normalRow(n, random)]
  const hardAnswer = answers(hardSpec, sharedParams(hardSpec.params, params), n)
  const [soft, target] = [answers(spec, params, n)(x), hardAnswer(x)]
  return {
    distance: distanceFromHard(method.operator, regularShape(1, n), soft, target),
    agreement: correlation(soft, target),
    snr: signalToNoise(noisyGradients(spec, params, x, hardAnswer(other), random)),
  }
}

const unreached: CurvePoint = { distance: -1, agreement: 0, snr: 0 }

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const spec = bench.operator(cell.method)
  const n = Number(cell.experiment.params.n)
  const points = softnessAxis.map((softness) => {
    const params = atSoftness(spec, cell.method.params, softness)
    return params ? pointAt(cell, bench, params, n) : unreached
  })
  const found = (['distance', 'agreement', 'snr'] as const).map((quantity): Observation => {
    const samples = points.map((point) => point[quantity])
    return {
      metric: `fidelity.${quantity}`,
      unit: '1',
      better: quantity === 'distance' ? 'lower' : 'higher',
      value: maximum(samples),
      samples,
    }
  })
  return [...found, axis('softness', softnessAxis)]
}

const takes = {
  operators: ['sort', 'rank', 'matrix', 'topk'] as readonly Operator[],
  data: 'own',
  brought: true,
} as const

/** Operators with a hard counterpart and a softness; the values are drawn here, the data set only names the cell. */
const plan = (scope: Scope) =>
  operatorCells(
    { ...oneList(scope), precisions: ['f64'] },
    scope.methods
      .filter(({ operator, method }) => takes.operators.includes(operator) && method !== hard)
      .map((method) => asMapped(method, Number(scope.experiment.params.n))),
  )

const curve = (better: Measure['better'], meaning: string): Measure => ({
  unit: '1',
  better,
  axes: ['axis.softness'],
  value: 'largest',
  meaning,
})

export const fidelity: Experiment = {
  name: 'fidelity',
  version: 1,
  question: 'What does softness cost and buy: distance from hard, agreement, gradient signal to noise?',
  params: { n: { kind: 'number', default: 32, min: 2, max: 100_000, integer: true, meaning: 'items in a row' } },
  measures: {
    'fidelity.distance': curve('lower', 'distance from the hard answer, 1 = as far as a constant; -1 out of reach'),
    'fidelity.agreement': curve('higher', 'correlation with the hard answer'),
    'fidelity.snr': curve('higher', 'length of the mean gradient over its scatter under noise'),
    'axis.softness': axisMeasure('softness'),
  },
  takes,
  timed: false,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
