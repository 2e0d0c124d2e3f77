/** Operators that an adapter brings along, which nobody else has: what it declares of them, as ours declare it. */

import { z } from 'zod'
import { usageError } from '../../core/errors.ts'
import type { OperatorSpec, Promises } from '../../core/method.ts'
import { isOperator } from '../../core/operators.ts'
import type { ParamSpec } from '../../core/params.ts'

const param = z.strictObject({
  default: z.union([z.number(), z.boolean(), z.string()]),
  min: z.number().optional(),
  max: z.number().optional(),
  integer: z.boolean().optional(),
  /** Further values that laws are tried at. */
  visit: z.array(z.number()).optional(),
  choices: z.array(z.string()).optional(),
  meaning: z.string(),
})

const promises = z.strictObject({
  softness: z
    .strictObject({
      param: z.string(),
      units: z.number(),
      inverse: z.literal(true).optional(),
      scales: z.literal(false).optional(),
    })
    .optional(),
  hardLimit: z.boolean().optional(),
  sum: z.enum(['values', 'ranks', 'k']).optional(),
  stochastic: z.enum(['rows', 'rows and columns']).optional(),
  ordered: z.boolean().optional(),
  monotone: z.boolean().optional(),
  shift: z.enum(['moves', 'stays']).optional(),
  majorised: z.boolean().optional(),
  ties: z.literal('by position').optional(),
  kinksAtTies: z.literal(true).optional(),
  symmetric: z.literal(false).optional(),
})

export const broughtOperator = z.strictObject({
  params: z.record(z.string(), param).default({}),
  promises: promises.default({}),
  gradient: z.enum(['exact', 'surrogate']).default('exact'),
})

type Brought = z.infer<typeof broughtOperator>

function paramSpec(given: z.infer<typeof param>): ParamSpec {
  const { meaning } = given
  if (given.choices) return { kind: 'choice', choices: given.choices, default: String(given.default), meaning }
  if (typeof given.default === 'boolean') return { kind: 'flag', default: given.default, meaning }
  if (typeof given.default === 'string') return { kind: 'text', default: given.default, meaning }
  const { min, max, integer, visit } = given
  const bounds = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  return {
    kind: 'number',
    default: given.default,
    ...bounds,
    ...(integer && { integer }),
    ...(visit && { visit }),
    meaning,
  }
}

/** What stands in place of a plan: only the peer has one. */
const nobody = (name: string) => (): never => {
  throw new Error(`${name} is computed by its adapter alone`)
}

/** @throws RankBenchError(usage) for a name that is no `operator:method`, with an operator of ours */
export function broughtSpec(name: string, { params, promises: promised, gradient }: Brought): OperatorSpec {
  const [operator, method] = name.split(':')
  if (!isOperator(operator) || !method)
    throw usageError(`an adapter brings "${name}"; expected operator:method, such as rank:mine`)
  return {
    params: Object.fromEntries(Object.entries(params).map(([each, given]) => [each, paramSpec(given)])),
    growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
    gradient,
    promises: promised as Promises,
    plan: nobody(name),
  }
}
