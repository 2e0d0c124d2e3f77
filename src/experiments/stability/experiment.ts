/**
 * Where can a model learn through an operator? Softness x scale of the values x length x storage format: NaN, vanishing
 * and exploding gradients, saturated and pooled items, distance from the hard operator, and order lost.
 */

import type { Cell } from '../../core/cell.ts'
import type { Bench, Experiment, Scope } from '../../core/experiment.ts'
import { maximum } from '../../core/extremes.ts'
import type { Measure, Measures } from '../../core/measure.ts'
import { type OperatorSpec, promisesOf } from '../../core/method.ts'
import { hard, hardCounterpart, type MethodRef, methodOf } from '../../core/method-ref.ts'
import { factsOf, operatorNames } from '../../core/operators.ts'
import { type Params, sharedParams } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import type { Observation } from '../../core/result.ts'
import { type Precision, regularShape, type Shape } from '../../core/shape.ts'
import { atSoftness } from '../../core/softness.ts'
import { asMapped, oneList } from '../../probe/as-mapped.ts'
import { axis, axisMeasure } from '../../probe/axis.ts'
import { disorder, distanceFromHard } from '../../probe/distance.ts'
import { type Storage, stored } from '../../probe/half-precision.ts'
import { type Health, type State, stateOf } from '../../probe/health.ts'
import { createProbe, type Probe } from '../../probe/probe.ts'
import { operatorCells } from '../operator-cells.ts'

/** Powers of ten from `low` to `high`, some a decade. */
const powers = (low: number, high: number, aDecade: number): number[] =>
  Array.from({ length: (high - low) * aDecade + 1 }, (_, i) => 10 ** (low + i / aDecade))

/** The axes of the map, in the order of its entries: softness outside, scale inside. */
const axes = { softness: powers(-8, 6, 2), scales: powers(-6, 6, 1) } as const
/** Methods without softness have one line. */
const linesOf = (spec: OperatorSpec, params: Params): readonly number[] =>
  promisesOf(spec, params).softness ? axes.softness : [1]

/** States by number: worse ones are larger. */
const states: readonly State[] = ['healthy', 'saturated', 'vanished', 'exploding', 'not finite']

interface MapPoint extends Health {
  readonly state: number
  readonly distance: number
  readonly disorder: number
}

const quantities = ['state', 'notFinite', 'slope', 'saturated', 'pooled', 'distance', 'disorder'] as const

/** Standard normal values of the cell, times a scale, as they come out of storage. */
function valuesAt(cell: Cell, count: number, scale: number, storage: Storage): Float64Array {
  const random = randomStream(cell.seed, 'stability/values')
  return Float64Array.from({ length: count }, () => stored(scale * random.normal(), storage))
}

/** The hard answer, when there is a hard operator of the kind. */
function hardOutput(cell: Cell, bench: Bench, shape: Shape, values: Float64Array): Float64Array | undefined {
  const method = methodOf(cell.method)
  // A distance of one number a row from another says nothing about the order.
  if (!factsOf(method.operator).hard || factsOf(method.operator).output === 'row') return undefined
  const spec = bench.operator(hardCounterpart(method))
  const plan = spec.plan(shape, sharedParams(spec.params, method.params), 'f64')
  plan.values.set(values)
  plan.forward()
  return Float64Array.from(plan.output)
}

/** Ranks rise with the values when ascending; sorted values rise when ascending; masks when the largest are selected. */
const isRising = ({ operator, params }: MethodRef): boolean =>
  operator === 'topk' ? params.direction === 'descending' : params.direction !== 'descending'

function pointAt(
  cell: Cell,
  probe: Probe,
  shape: Shape,
  values: Float64Array,
  target: Float64Array | undefined,
): MapPoint {
  const method = methodOf(cell.method)
  const { operator } = method
  const health = probe.health(values)
  const { output } = probe.plan
  return {
    ...health,
    state: states.indexOf(stateOf(health)),
    distance: target ? distanceFromHard(operator, shape, output, target) : 0,
    disorder: disorder(operator, shape, values, output, isRising(method)),
  }
}

/** One line of the map: all scales at one softness. */
function lineAt(cell: Cell, bench: Bench, softness: number | undefined, shape: Shape, storage: Storage): MapPoint[] {
  const spec = bench.operator(cell.method)
  const params = softness === undefined ? cell.method.params : atSoftness(spec, cell.method.params, softness)
  if (!params) return axes.scales.map(() => outOfRange)
  const probe = createProbe(spec, { ...methodOf(cell.method), params }, shape, cell.precision, cell.seed)
  const points = axes.scales.map((scale) => {
    const values = valuesAt(cell, shape.offsets[shape.offsets.length - 1], scale, storage)
    // Values that storage itself made infinite are no fault of the method.
    return values.every(Number.isFinite)
      ? pointAt(cell, probe, shape, values, hardOutput(cell, bench, shape, values))
      : outOfRange
  })
  probe.dispose()
  return points
}

/** Where a parameter or a storage format does not reach. */
const outOfRange: MapPoint = {
  state: -1,
  notFinite: 0,
  slope: 0,
  saturated: 0,
  pooled: 0,
  distance: 0,
  disorder: 0,
}

const rows = 2

const isFiniteOr = (value: number): number => (Number.isFinite(value) ? value : -1)

async function run(cell: Cell, bench: Bench): Promise<Observation[]> {
  const spec = bench.operator(cell.method)
  const storage = String(cell.experiment.params.storage) as Storage
  const shape = regularShape(rows, Number(cell.experiment.params.n))
  const soft = promisesOf(spec, cell.method.params).softness !== undefined
  const lines = soft ? axes.softness : [undefined]
  const points = lines.flatMap((softness) => lineAt(cell, bench, softness, shape, storage))
  const found = quantities.map((quantity): Observation => {
    const samples = points.map((point) => isFiniteOr(point[quantity]))
    return { metric: `map.${quantity}`, unit: '1', better: 'neither', value: maximum(samples), samples }
  })
  return [...found, axis('softness', linesOf(spec, cell.method.params)), axis('scale', axes.scales)]
}

const map = (meaning: string): Measure => ({
  unit: '1',
  better: 'neither',
  axes: ['axis.softness', 'axis.scale'],
  value: 'largest',
  meaning,
})

const measures: Measures = {
  'map.state': map('number of the state, worse ones larger; -1 out of reach'),
  'map.notFinite': map('share of output and gradient entries that are NaN or infinite'),
  'map.slope': map('gradient a unit of cotangent, values counted in standard deviations'),
  'map.saturated': map('share of items that get no gradient to speak of'),
  'map.pooled': map('share of neighbours by value that come out equal'),
  'map.distance': map('distance from the hard answer, 1 = as far as a constant'),
  'map.disorder': map('share of neighbours that come out the wrong way round'),
  'axis.softness': axisMeasure('softness'),
  'axis.scale': axisMeasure('standard deviation of the values'),
}

const precisionOf = (storage: unknown): Precision => (storage === 'f64' ? 'f64' : 'f32')

/** Operators whose map says something: the hard ones have no softness and no gradient. */
const isMapped = ({ method }: MethodRef): boolean => method !== hard

/** One cell a method; the values are drawn here, the data set only names the cell. */
const plan = (scope: Scope) =>
  operatorCells(
    { ...oneList(scope), precisions: [precisionOf(scope.experiment.params.storage)] },
    scope.methods.filter(isMapped).map((method) => asMapped(method, Number(scope.experiment.params.n))),
  )

export const stability: Experiment = {
  name: 'stability',
  version: 1,
  question: 'Where can a model learn through an operator, and where does it go wrong?',
  params: {
    storage: {
      kind: 'choice',
      default: 'f32',
      choices: ['f64', 'f32', 'f16', 'bf16'],
      meaning: 'format the values come from; arithmetic is f64 for f64 and f32 for the others',
    },
    n: { kind: 'number', default: 100, min: 2, max: 100_000, integer: true, meaning: 'items in a row' },
  },
  measures,
  takes: { operators: operatorNames, data: 'own', brought: true },
  timed: false,
  plan,
  run,
  report: async () => (await import('./report.ts')).reporter,
}
