/** What a reader needs to set a softness, in sentences, from the maps of an operator. */

import { type OperatorSpec, promisesOf, type Softness } from '../../core/method.ts'
import { hard, methodRef } from '../../core/method-ref.ts'
import { resolveParams } from '../../core/params.ts'
import { asParameter, isSoft, type SafeRange, type StabilityMap, safeRange } from './map.ts'
import { endsOf, longestOf, type Mapped, mapsOf, short } from './mapped.ts'

/** What is met beyond a safe range. */
const consequences: Readonly<Record<NonNullable<SafeRange['above' | 'below']>, string>> = {
  saturated: 'most items get no gradient',
  vanished: 'the gradient vanishes',
  exploding: 'the gradient explodes',
  'not finite': 'NaN or infinity',
  'too soft': 'the answer is nearer to a constant than to the order',
  healthy: 'the answer is nearer to a constant than to the order',
}

/** `Above that ...`, `Below that ...`: one sentence a side that has an end. */
function beyond(range: SafeRange | undefined, higher: string, lower: string): string[] {
  const says = (side: string, met: SafeRange['above']) => (met ? [`${side} that ${consequences[met]}.`] : [])
  return [...says(lower, range?.below), ...says(higher, range?.above)]
}

/** In rising order of the parameter. */
function rangeText(range: SafeRange | undefined, softness: Softness): string {
  if (!range) return 'none on the map'
  const ends = endsOf(range).map(({ value, open }) => ({ value: asParameter(value, softness), open }))
  const [low, high] = softness.inverse ? ends.toReversed() : ends
  return `${low.open ? 'any smaller' : short(low.value)} to ${high.open ? 'any larger' : short(high.value)}`
}

function unitText({ units, scales }: Softness): string {
  if (scales === false) return 'no simple unit: another unit of the values is another operator'
  switch (units) {
    case 0:
      return 'no unit: the values are standardised first'
    case 1:
      return 'the unit of the values'
    case 2:
      return 'the square of the unit of the values'
    case -1:
      return 'one over the unit of the values'
    default:
      return `the unit of the values to the power ${units}`
  }
}

const isBad = ({ state }: StabilityMap['points'][number]): boolean => state === 'exploding' || state === 'not finite'

/** Where values stored in half precision are too coarse for it. */
function halfPrecisionText(mapped: Mapped, name: string, softness: Softness): string[] {
  const found = ['f16', 'bf16'].flatMap((storage) => {
    const bad = mapped.find(name, storage, longestOf(mapped))?.points.find(isBad)
    if (!bad) return []
    const at = short(asParameter(bad.softness, softness))
    return `${storage} (e.g. ${softness.param} ${at} on values of ${short(bad.scale)})`
  })
  if (found.length === 0) return []
  return [
    `Values stored in half precision tie, and a nearly hard operator then has exploding gradients: ${found.join(', ')}.`,
  ]
}

/** Sentences on the softness of an operator; none where it has none or was not mapped. */
export function softnessText(mapped: Mapped, name: string, spec: OperatorSpec): string[] {
  const params = resolveParams(spec.params, {}, name)
  const { operator, method } = methodRef({ name, params })
  const { softness } = promisesOf(spec, params)
  if (!softness || method === hard) return []
  if (operator === 'quantile')
    return ['Softness acts as in `sort`; only items near the quantile get a gradient, the fewer the harder it is.']
  const maps = mapsOf(mapped, name)
  if (maps.length === 0) return []
  const ranges = maps.map((map) => `${rangeText(safeRange(map), softness)} for rows of ${map.n}`)
  const [higher, lower] = softness.inverse ? ['Below', 'Above'] : ['Above', 'Below']
  return [
    `Softness is \`${softness.param}\`${softness.inverse ? ' (larger is harder)' : ''}; it carries ${unitText(softness)}.`,
    `Safe at standard deviation 1: ${ranges.join('; ')}. Default: ${params[softness.param]}.`,
    ...beyond(safeRange(maps[maps.length - 1]), higher, lower),
    ...halfPrecisionText(mapped, name, softness),
  ]
}

/** Sentences on how large scores may be, for losses without a softness. */
export function scaleText(mapped: Mapped, name: string): string[] {
  const n = longestOf(mapped)
  const map = mapped.find(name, 'f32', n)
  if (!map || isSoft(map)) return []
  const range = safeRange(map)
  if (!range) return ['No scale of scores on the map is safe.']
  const [low, high] = endsOf(range).map(({ value, open }) => (open ? 'any' : short(value)))
  return [
    `Scores may have a standard deviation from ${low} to ${high} (rows of ${n}, f32).`,
    ...beyond(range, 'Above', 'Below').toReversed(),
  ]
}
