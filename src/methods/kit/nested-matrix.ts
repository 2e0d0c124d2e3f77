/** Losses over a relaxed permutation of the user's choice: the selector, and P of one list as a plan of its own. */

import { usageError } from '../../core/errors.ts'
import type { OperatorSpec, Plan } from '../../core/method.ts'
import type { ParamSpec } from '../../core/params.ts'
import { parseSelector, type Ref, resolveOne } from '../../core/selector.ts'
import { regularShape, rowCount } from '../../core/shape.ts'
import { operatorsOf } from '../value-methods.ts'
import { bendThrough } from './bend-through.ts'
import { type DescribeKernels, withLossKernels } from './fast-plan.ts'
import { batchLossOperator, entriesOf, type LossDeclaration, type LossPasses, nestedPlan } from './loss-plan.ts'
import { declaredOver } from './nested-operator.ts'

export const matrixSelector = (meaning: string): ParamSpec => ({
  kind: 'text',
  default: 'softsort',
  selects: 'matrix',
  except: ['direction'],
  meaning,
})

/**
 * The matrix operator that a selector names, with or without its prefix; rows from the largest value to the smallest.
 * @throws RankBenchError(usage) unless it names exactly one, with its rows that way round
 */
export function resolveMatrix(selector: string): Ref {
  const spaces = new Map([...operatorsOf('matrix')].map(([name, { params }]) => [name, params]))
  const ref = resolveOne(selector, spaces, 'method')
  const asked = parseSelector(selector).grid.direction?.[0] ?? 'descending'
  if (asked === 'descending') return { ...ref, params: { ...ref.params, direction: 'descending' } }
  throw usageError(
    `"${selector}" has its rows from the smallest value up; losses pair the first row with the best item`,
    'leave direction out',
  )
}

/** P of one list of n items. */
export const planMatrix = (ref: Ref, n: number): Plan =>
  operatorsOf('matrix').get(ref.name)!.plan(regularShape(1, n), ref.params, 'f64')

/** One list, and log P of its scores: row-major, the gradient in it to be written, which is 0 before. */
export interface PermutedList {
  readonly labels: Float64Array
  readonly weights: Float64Array
  /** -Infinity where the matrix has no logarithm and the entry is below `smallest`: 0, or without digits; `least` is what it counts as. */
  readonly logP: Float64Array
  readonly logPBar: Float64Array
  readonly least: number
}

/** Below it 1 / p overflows soon, and numbers lose digits. */
const smallest = 1e-290
/** What the logarithm of nothing counts as, with gradient 0: far beyond any model, and yet a number. */
const logSmallest = Math.log(smallest)

/** The logarithm of a probability; a chance that is cut off counts, and is counted. */
interface CutOff {
  reset(): void
  of(logarithm: number): number
  readonly count: number
}

/** `least`: what the logarithm of nothing counts as; -Infinity where logarithms are exact, and only values too large for any number have none. */
export function createCutOff(least: number): CutOff {
  let count = 0
  return {
    reset() {
      count = 0
    },
    of(logarithm) {
      if (logarithm !== Number.NEGATIVE_INFINITY) return logarithm
      count++
      return least
    },
    get count() {
      return count
    },
  }
}

/** A loss of one list, and how many of its chances are cut off. */
export interface PermutedLoss extends LossPasses {
  readonly cutOff: CutOff
}

/** Name of the diagnostic that counts, for each list, chances too small for a matrix without logarithms. */
const cutOffChances = 'cut off'

/** A loss over P of every list: by kernels of its own where there are some, else with P of the whole batch computed at once. */
export function permutationLoss(
  declared: LossDeclaration,
  ref: Ref,
  make: (list: PermutedList) => PermutedLoss,
  kernels: DescribeKernels,
): OperatorSpec {
  const over = declaredOver(declared, operatorsOf('matrix').get(ref.name)!, ref)
  const nested = nestedLoss(over, ref, make)
  const direct = withLossKernels(nested, over.labels === 'gain', kernels)
  return { ...nested, fast: (...given) => direct.fast!(...given) ?? nested.fast!(...given) }
}

/** From P to log P, and from the gradient in log P to that in P. */
interface Logarithms {
  readonly logP: Float64Array
  readonly logPBar: Float64Array
  read(): void
  pull(): void
}

const given = ({ output, cotangent }: Plan): Logarithms => ({
  logP: output as Float64Array,
  logPBar: cotangent as Float64Array,
  read() {},
  pull() {},
})

function taken({ output, cotangent }: Plan): Logarithms {
  const [logP, logPBar] = [new Float64Array(output.length), new Float64Array(output.length)]
  return {
    logP,
    logPBar,
    read() {
      for (let e = 0; e < output.length; e++) {
        logP[e] = output[e] >= smallest ? Math.log(output[e]) : Number.NEGATIVE_INFINITY
      }
    },
    pull() {
      for (let e = 0; e < output.length; e++) cotangent[e] = logPBar[e] === 0 ? 0 : logPBar[e] / output[e]
    },
  }
}

function nestedLoss(declared: LossDeclaration, ref: Ref, make: (list: PermutedList) => PermutedLoss): OperatorSpec {
  const spec = operatorsOf('matrix').get(ref.name)!
  const logarithm = spec.logarithm?.(ref.params)
  return batchLossOperator(declared, ({ shape, scores, labels, weights }, _, execution) => {
    // Kernels of matrices are as accurate as their largest entries; logarithms read the smallest.
    if (!logarithm && execution.engine !== 'reference') return undefined
    const inner = nestedPlan(logarithm ?? spec, shape, ref.params, execution)
    if (!inner) return undefined
    const logarithms = logarithm ? given(inner) : taken(inner)
    let entries = 0
    const offsets = [0]
    const passes = Array.from({ length: rowCount(shape) }, (_, q) => {
      const [start, n] = [entries, shape.offsets[q + 1] - shape.offsets[q]]
      entries += n * n
      offsets.push(entries)
      const [logP, logPBar] = [logarithms.logP, logarithms.logPBar].map((whole) => whole.subarray(start, entries))
      const own = { labels: entriesOf(labels, shape, q), weights: entriesOf(weights, shape, q) }
      const inP = make({ ...own, logP, logPBar, least: logarithm ? Number.NEGATIVE_INFINITY : logSmallest })
      return {
        ...inP,
        gradient(scale: number, out: Float64Array) {
          logPBar.fill(0)
          inP.gradient(scale, out)
        },
        ...(inP.bend && {
          bend(scale: number, direction: Float64Array, out: Float64Array) {
            out.fill(0)
            inP.bend!(scale, direction, out)
          },
        }),
      }
    })
    return {
      passes,
      indirect: true,
      // Losses bend in log P: an operator that has none leaves it to differences.
      ...(logarithm && bendThrough(inner, passes, offsets)),
      engine: inner.engine ?? 'reference',
      ...(!logarithm && { facts: { [cutOffChances]: (q: number) => passes[q].cutOff.count } }),
      prepare() {
        inner.values.set(scores)
        inner.forward()
        logarithms.read()
      },
      finish(out) {
        logarithms.pull()
        inner.backward()
        out.set(inner.gradient)
      },
      dispose: () => inner.dispose(),
    }
  })
}
