/** Softness of a method in one sense: larger is softer, whatever the parameter is called and whichever way it runs. */

import { type OperatorSpec, promisesOf } from './method.ts'
import type { Params } from './params.ts'

/** The softness at these parameters; undefined when the operator has none. */
export function softnessOf(spec: OperatorSpec, params: Params): number | undefined {
  const { softness } = promisesOf(spec, params)
  if (!softness) return undefined
  const value = Number(params[softness.param])
  return softness.inverse ? 1 / value : value
}

/** The power of the unit of the values that softness carries: strength 1, squared distances 2, no unit 0. */
export function softnessUnits(spec: OperatorSpec, params: Params): number {
  const { softness } = promisesOf(spec, params)
  if (!softness) return 0
  return softness.inverse ? -softness.units : softness.units
}

/** The parameters at another softness; undefined when there is none, or its range does not reach there. */
export function atSoftness(spec: OperatorSpec, params: Params, softness: number): Params | undefined {
  const declared = promisesOf(spec, params).softness
  if (!declared) return undefined
  const value = declared.inverse ? 1 / softness : softness
  const space = spec.params[declared.param]
  const fits =
    space?.kind === 'number' &&
    (space.min === undefined || (space.exclusiveMin ? value > space.min : value >= space.min)) &&
    (space.max === undefined || value <= space.max)
  return fits ? { ...params, [declared.param]: value } : undefined
}

/** The parameters at a multiple of the softness that they have; undefined where that is none, or out of its range. */
export function timesSoftness(spec: OperatorSpec, params: Params, factor: number): Params | undefined {
  if (factor === 1) return params
  const own = softnessOf(spec, params)
  return own === undefined ? undefined : atSoftness(spec, params, own * factor)
}

/** Those factors that the operator can be softened by; 1 alone where there is nothing to choose. */
export function possibleFactors(spec: OperatorSpec, params: Params, factors: readonly number[]): readonly number[] {
  if (softnessOf(spec, params) === undefined) return [1]
  const possible = factors.filter((factor) => timesSoftness(spec, params, factor))
  return possible.length > 0 ? possible : [1]
}
