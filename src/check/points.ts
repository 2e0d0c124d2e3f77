/**
 * The points of a parameter space that laws visit: every choice, and numbers at, below and above the default. A parameter that
 * names another operator is such a space itself: every method, and every value of each of its parameters.
 */

import type { ParamSpace, ParamSpec, Params, ParamValue } from '../core/params.ts'
import { randomStream } from '../core/random.ts'
import { type Catalogue, formatRef } from '../core/selector.ts'

/** Points beyond the lone variations, where the whole grid is not visited. */
const combinations = 24
const mostPoints = 48

const inRange = (value: number, { min, max, exclusiveMin }: Extract<ParamSpec, { kind: 'number' }>): boolean =>
  (min === undefined || (exclusiveMin ? value > min : value >= min)) && (max === undefined || value <= max)

function visited(spec: ParamSpec, catalogue: Catalogue): readonly ParamValue[] {
  switch (spec.kind) {
    case 'choice':
      return [...new Set([spec.default, ...spec.choices])]
    case 'flag':
      return [spec.default, !spec.default]
    case 'text':
      return [...new Set([spec.default, ...(spec.examples ?? []), ...selectorsFor(spec, catalogue)])]
    case 'number': {
      if (spec.visit) return [...new Set([spec.default, ...spec.visit])]
      const near = spec.integer
        ? [spec.default, spec.min ?? spec.default, spec.default + 2]
        : [spec.default, spec.default / 4, spec.default * 3]
      const edge = spec.min === 0 && !spec.exclusiveMin ? [0] : []
      return [...new Set([...near, ...edge])].filter((value) => inRange(value, spec))
    }
  }
}

/** All methods that a parameter may name, at their defaults and with one parameter at a time at another value. */
function selectorsFor({ selects, except = [] }: Extract<ParamSpec, { kind: 'text' }>, catalogue: Catalogue): string[] {
  if (selects === undefined) return []
  const prefix = `${selects}:`
  return [...catalogue]
    .filter(([name]) => name.startsWith(prefix))
    .flatMap(([name, space]) => {
      const free = Object.fromEntries(Object.entries(space).filter(([param]) => !except.includes(param)))
      return loneVariations(free, catalogue).map((params) => formatRef({ name: name.slice(prefix.length), params }))
    })
}

/** Nothing changed, then one parameter at a time. */
const loneVariations = (space: ParamSpace, catalogue: Catalogue): Params[] => [
  {},
  ...Object.entries(space).flatMap(([name, spec]) =>
    visited(spec, catalogue)
      .filter((value) => value !== spec.default)
      .map((value) => ({ [name]: value })),
  ),
]

function product(space: ParamSpace, catalogue: Catalogue): Params[] {
  let points: Params[] = [{}]
  for (const [name, spec] of Object.entries(space)) {
    points = points.flatMap((point) => visited(spec, catalogue).map((value) => ({ ...point, [name]: value })))
  }
  return points
}

/**
 * All points, or, when there are many, the defaults, every value of every parameter alone, and a seeded choice of
 * combinations. `catalogue`: the operators that parameters may name.
 */
export function visitedPoints(space: ParamSpace, catalogue: Catalogue = new Map()): Params[] {
  const points = product(space, catalogue)
  if (points.length <= mostPoints) return points
  const defaults = Object.fromEntries(Object.entries(space).map(([name, spec]) => [name, spec.default]))
  const alone = loneVariations(space, catalogue).map((changed) => ({ ...defaults, ...changed }))
  const known = new Set(alone.map((params) => formatRef({ name: '', params })))
  const others = points.filter((params) => !known.has(formatRef({ name: '', params })))
  const more = Math.max(combinations, mostPoints - alone.length)
  return [...alone, ...randomStream(1, 'check/points').shuffle(others).slice(0, more)]
}
