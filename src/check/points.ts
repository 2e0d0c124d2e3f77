/** The points of a parameter space that laws visit: every choice, and numbers at, below and above the default. */

import type { ParamSpace, ParamSpec, Params, ParamValue } from '../core/params.ts'
import { randomStream } from '../core/random.ts'

const mostPoints = 48

const inRange = (value: number, { min, max, exclusiveMin }: Extract<ParamSpec, { kind: 'number' }>): boolean =>
  (min === undefined || (exclusiveMin ? value > min : value >= min)) && (max === undefined || value <= max)

function visited(spec: ParamSpec): readonly ParamValue[] {
  switch (spec.kind) {
    case 'choice':
      return spec.choices
    case 'flag':
      return [false, true]
    case 'text':
      return spec.examples ?? [spec.default]
    case 'number': {
      if (spec.visit) return spec.visit
      const near = spec.integer
        ? [spec.default, spec.min ?? spec.default, spec.default + 2]
        : [spec.default, spec.default / 4, spec.default * 3]
      const edge = spec.min === 0 && !spec.exclusiveMin ? [0] : []
      return [...new Set([...near, ...edge])].filter((value) => inRange(value, spec))
    }
  }
}

function product(space: ParamSpace): Params[] {
  let points: Params[] = [{}]
  for (const [name, spec] of Object.entries(space)) {
    points = points.flatMap((point) => visited(spec).map((value) => ({ ...point, [name]: value })))
  }
  return points
}

/** All points, or a seeded choice of them when there are many; the defaults come first. */
export function visitedPoints(space: ParamSpace): Params[] {
  const points = product(space)
  if (points.length <= mostPoints) return points
  return [
    points[0],
    ...randomStream(1, 'check/points')
      .shuffle(points.slice(1))
      .slice(0, mostPoints - 1),
  ]
}
