/**
 * The points of a parameter space that laws try: every choice, and numbers at, below and above the default. A parameter that
 * names another operator is such a space itself: every method, and every value of each of its parameters.
 */

import type { ParamSpace, ParamSpec, Params, ParamValue } from '../core/params.ts'
import { randomStream } from '../core/random.ts'
import { type Catalogue, formatRef } from '../core/selector.ts'

/** A grid of no more points is visited whole. */
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
      if (spec.tried) return [...new Set([spec.default, ...spec.tried])]
      const near = spec.integer
        ? [spec.default, spec.min ?? spec.default, Math.min(spec.default + 2, spec.max ?? Number.POSITIVE_INFINITY)]
        : [spec.default, spec.default / 4, Math.min(spec.default * 3, spec.max ?? Number.POSITIVE_INFINITY)]
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
 * Every lone variation twice more, the other parameters taking turns: each value meets both values of a flag, and values of all
 * other parameters that are no defaults.
 */
function crossed(space: ParamSpace, catalogue: Catalogue): Params[] {
  const values = Object.entries(space).map(([name, spec]) => [name, visited(spec, catalogue)] as const)
  const others = (turn: number): Params =>
    Object.fromEntries(values.map(([name, each], param) => [name, each[(turn + param) % each.length]]))
  return loneVariations(space, catalogue).flatMap((changed, at) =>
    [at, at + 1].map((turn) => ({ ...others(turn), ...changed })),
  )
}

/**
 * All points, or, when there are many, the defaults, every value of every parameter alone, each of them among values of the
 * others, and a seeded choice of combinations. `catalogue`: the operators that parameters may name.
 */
export function visitedPoints(space: ParamSpace, catalogue: Catalogue = new Map()): Params[] {
  const points = product(space, catalogue)
  if (points.length <= mostPoints) return points
  const defaults = Object.fromEntries(Object.entries(space).map(([name, spec]) => [name, spec.default]))
  const alone = loneVariations(space, catalogue).map((changed) => ({ ...defaults, ...changed }))
  const chosen = new Map(
    [...alone, ...crossed(space, catalogue)].map((params) => [formatRef({ name: '', params }), params]),
  )
  const others = points.filter((params) => !chosen.has(formatRef({ name: '', params })))
  const more = Math.max(0, mostPoints - chosen.size)
  return [...chosen.values(), ...randomStream(1, 'check/points').shuffle(others).slice(0, more)]
}
