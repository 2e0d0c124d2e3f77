/**
 * Warnings of the library: what about these values and this softness makes an answer hard to learn from. They come from
 * the same facts as the stability map (core/health), never from the kernels, and are off unless asked for.
 */

import type { OperatorSpec, Plan } from '../core/method.ts'
import { promisesOf } from '../core/method.ts'
import type { Ref } from '../core/selector.ts'
import { type Precision, rowCount, type Shape } from '../core/shape.ts'
import { atSoftness, softnessOf, softnessUnits } from '../core/softness.ts'
import { healthOf, type Passed, spread } from '../probe/health.ts'
import { type SafeRange, safeRanges } from './safe-ranges.ts'

export interface OperatorWarning {
  readonly code:
    | 'softness too low'
    | 'softness too high'
    | 'pooled'
    | 'saturated'
    | 'precision'
    | 'cut off'
    | 'not converged'
  readonly message: string
  /** The number that triggered it. */
  readonly value: number
  /** What to do. */
  readonly suggestion: string
}

/** Between and beyond the lengths of the map a bound follows the power of n that joins its ends; open ends stay open. */
function atLength(ranges: readonly SafeRange[], n: number, bound: 'low' | 'high'): number {
  const [short, long] = [ranges[0], ranges[ranges.length - 1]]
  const [from, to] = [short[bound], long[bound]]
  if (short === long || !(from > 0 && to > 0) || !Number.isFinite(from) || !Number.isFinite(to)) return to
  return from * (n / short.n) ** (Math.log(to / from) / Math.log(long.n / short.n))
}

/** How values are spread within their rows, and how long the rows are. */
interface Extent {
  readonly size: number
  readonly length: number
}

export const extentOf = (values: ArrayLike<number>, shape: Shape): Extent => ({
  size: spread(values, shape),
  length: values.length / Math.max(1, rowCount(shape)),
})

/** A safe range in softness, for values of an extent. */
function rangeFor(ref: Ref, spec: OperatorSpec, { size, length }: Extent): { low: number; high: number } | undefined {
  const ranges = safeRanges[ref.name]
  const unit = size ** softnessUnits(spec, ref.params)
  if (!ranges || !Number.isFinite(unit) || !(unit > 0)) return undefined
  return { low: atLength(ranges, length, 'low') * unit, high: atLength(ranges, length, 'high') * unit }
}

/** A softness well inside a range whose ends may be open. */
function middleOf({ low, high }: { readonly low: number; readonly high: number }): number {
  if (low === 0) return high / 10
  return high === Number.POSITIVE_INFINITY ? low * 10 : Math.sqrt(low * high)
}

/** The parameter that sets softness, at a given softness, to two digits. */
function asSelector(ref: Ref, spec: OperatorSpec, softness: number): string {
  const { param } = promisesOf(spec, ref.params).softness!
  const value = atSoftness(spec, ref.params, softness)?.[param]
  return `${param}=${Number(Number(value).toPrecision(2))}`
}

const round = (value: number): string => Number(value.toPrecision(3)).toString()

/** Values may be this many times outside of the range before it is worth a word: the map has steps of half a decade. */
const tolerated = 3.2

function softnessWarnings(ref: Ref, spec: OperatorSpec, extent: Extent): OperatorWarning[] {
  const { size } = extent
  const softness = softnessOf(spec, ref.params)
  const range = rangeFor(ref, spec, extent)
  if (softness === undefined || softness === 0 || !range) return []
  const middle = asSelector(ref, spec, middleOf(range))
  if (softness * tolerated < range.low) {
    const factor = range.low / softness
    const message = `softness is ${round(factor)} times below what is safe for values with standard deviation ${round(size)}: most items get no gradient`
    return [{ code: 'softness too low', message, value: factor, suggestion: `try ${middle}` }]
  }
  if (softness > tolerated * range.high) {
    const factor = softness / range.high
    const message = `softness is ${round(factor)} times above what is safe for values with standard deviation ${round(size)}: the answer says little about the order`
    return [{ code: 'softness too high', message, value: factor, suggestion: `try ${middle}` }]
  }
  return []
}

/** So many items without a gradient, or pooled, that what is left of the row learns alone. */
const most = 0.9
/** In shorter rows a few items say nothing about most of them. */
const shortest = 8
/** Fewer than 6 bits to tell the values apart. */
const unresolved = 2 ** 6 * 2 ** -24

function precisionWarnings(passed: Passed, size: number, precision: Precision): OperatorWarning[] {
  let largest = 0
  for (let i = 0; i < passed.values.length; i++) largest = Math.max(largest, Math.abs(passed.values[i]))
  const ratio = size / largest
  if (precision !== 'f32' || !(size > 0) || ratio > unresolved) return []
  const message = `the values differ by ${round(ratio)} of their size: f32 has few bits to tell them apart`
  return [{ code: 'precision', message, value: ratio, suggestion: 'use precision f64, or subtract the mean first' }]
}

/** Whether the caller's scalar depends on most of the output: only then should most items have a gradient. */
function isDense(cotangent: ArrayLike<number>): boolean {
  let zeros = 0
  for (let i = 0; i < cotangent.length; i++) if (cotangent[i] === 0) zeros++
  return zeros * 2 < cotangent.length
}

/** A residual beyond it is more than the last digits of an answer. */
const converged = 1e-6

const largestOf = (numbers: ArrayLike<number>): number => Array.from(numbers).reduce((a, b) => Math.max(a, b), 0)

/** What a plan says of its own last forward. */
function diagnosticWarnings({ diagnostics = {} }: Pick<Plan, 'diagnostics'>): OperatorWarning[] {
  const warnings: OperatorWarning[] = []
  const cutOff = Array.from(diagnostics['cut off'] ?? []).reduce((sum, count) => sum + count, 0)
  if (cutOff > 0) {
    const message = `${cutOff} ${cutOff === 1 ? 'probability is' : 'probabilities are'} below 1e-290 in a relaxation without logarithms: each costs 667.75, whatever it is, and has no gradient`
    const suggestion = 'raise the softness, or take neuralsort or softsort, whose logarithms are exact'
    warnings.push({ code: 'cut off', message, value: cutOff, suggestion })
  }
  const residual = largestOf(diagnostics.residual ?? [])
  if (residual > converged) {
    const message = `an iteration ended ${round(residual)} from where it should: values and gradients are that far from what they promise, or farther`
    warnings.push({ code: 'not converged', message, value: residual, suggestion: 'raise iterations, or the softness' })
  }
  return warnings
}

/** What is worth a word about one call; `hasGradient` when backward ran. */
export function warningsOf(
  ref: Ref,
  spec: OperatorSpec,
  precision: Precision,
  passed: Passed & Pick<Plan, 'diagnostics'>,
  hasGradient: boolean,
): OperatorWarning[] {
  return [...diagnosticWarnings(passed), ...healthWarnings(ref, spec, precision, passed, hasGradient)]
}

/** From the values, the softness, and the shape of what came out. */
function healthWarnings(
  ref: Ref,
  spec: OperatorSpec,
  precision: Precision,
  passed: Passed,
  hasGradient: boolean,
): OperatorWarning[] {
  const extent = extentOf(passed.values, passed.shape)
  if (!(extent.size > 0)) return []
  const { pooled, saturated } = healthOf(passed)
  const warnings = [...softnessWarnings(ref, spec, extent), ...precisionWarnings(passed, extent.size, precision)]
  if (extent.length < shortest) return warnings
  const softness = softnessOf(spec, ref.params)
  if (pooled > most && softness !== undefined && softness > 0) {
    const message = `${round(100 * pooled)} % of neighbouring values come out equal`
    warnings.push({ code: 'pooled', message, value: pooled, suggestion: 'lower the softness' })
  }
  if (hasGradient && isDense(passed.cotangent) && saturated > most && softness !== undefined && softness > 0) {
    const message = `${round(100 * saturated)} % of the items get no gradient`
    warnings.push({
      code: 'saturated',
      message,
      value: saturated,
      suggestion: 'raise the softness, or scale the values down',
    })
  }
  return warnings
}

/** A softness that is safe for values of an extent, as its parameter; undefined when none is known. */
export function safeSoftness(
  ref: Ref,
  spec: OperatorSpec,
  extent: Extent,
): { param: string; value: number } | undefined {
  const range = rangeFor(ref, spec, extent)
  const declared = promisesOf(spec, ref.params).softness
  if (!range || !declared) return undefined
  const params = atSoftness(spec, ref.params, middleOf(range))
  return params && { param: declared.param, value: Number(params[declared.param]) }
}
