/** The name of a method, taken apart once, at the edge; text again only where it is printed, stored or hashed. */

import { usageError } from './errors.ts'
import { isOperator, type Operator, operatorNames } from './operators.ts'
import type { Params } from './params.ts'
import { type Catalogue, parseSelector, type Ref, resolveOne } from './selector.ts'
import { didYouMean } from './suggest.ts'

/** One operator of one method with every parameter resolved. `name` is `operator:method`, its key in the catalogue. */
export interface MethodRef extends Ref {
  readonly operator: Operator
  readonly method: string
}

/** A ranker that an experiment brings itself and no registry knows: constant scores, a single feature. */
interface RankerRef extends Ref {
  readonly operator: 'ranker'
  readonly method: string
}

/** What a cell measures. */
export type Subject = MethodRef | RankerRef

const rankerPrefix = 'ranker:'

export const rankerRef = (method: string, params: Params = {}): RankerRef => ({
  name: `${rankerPrefix}${method}`,
  operator: 'ranker',
  method,
  params,
})

export const isMethod = (subject: Subject): subject is MethodRef => subject.operator !== 'ranker'

/** @throws RankBenchError(usage) when the name is not operator:method of an operator that exists */
export function methodRef({ name, params }: Ref): MethodRef {
  const [operator, method] = parted(name)
  if (isOperator(operator)) return { name, operator, method, params }
  throw usageError(
    `"${name}" is not operator:method; "${operator}" is no operator`,
    didYouMean(operator, operatorNames, 'rank-bench list methods'),
  )
}

/** As `methodRef`, rankers too. */
export const subjectRef = (ref: Ref): Subject => {
  const [operator, method] = parted(ref.name)
  return operator === 'ranker' ? rankerRef(method, ref.params) : methodRef(ref)
}

/** Name of the method without softness. */
export const hard = 'hard'

/** The operator without softness that a soft one tends to; the parameters that both have are taken over when it is planned. */
export const hardCounterpart = ({ operator, params }: MethodRef): MethodRef => ({
  name: `${operator}:${hard}`,
  operator,
  method: hard,
  params,
})

/** The operator of a measured cell. @throws Error for a ranker: an experiment that plans rankers does not ask */
export function methodOf(subject: Subject): MethodRef {
  if (isMethod(subject)) return subject
  throw new Error(`${subject.name} is a ranker, not an operator`)
}

/**
 * The one method that a selector names, or a ranker, which no catalogue knows.
 * @throws RankBenchError(usage) when it spans none or several methods
 */
export function resolveSubject(text: string, catalogue: Catalogue): Subject {
  if (!text.startsWith(rankerPrefix)) return resolveMethod(text, catalogue)
  const { patterns, grid } = parseSelector(text)
  const point = Object.entries(grid).map(([param, values]) => [param, values[0]])
  return rankerRef(patterns[0].slice(rankerPrefix.length), Object.fromEntries(point))
}

const anyOperator = `\\b(?:${operatorNames.join('|')}):`

/** `listnet` of `loss:listnet`: a label without its operator, where that is said elsewhere. */
export const withoutOperator = (label: string): string => label.replace(new RegExp(`^${anyOperator}`), '')

/** The same of a label that names several. */
export const withoutOperators = (label: string): string => label.replaceAll(new RegExp(anyOperator, 'g'), '')

/** The one method a selector names. @throws RankBenchError(usage) when it spans none or several. */
export const resolveMethod = (text: string, catalogue: Catalogue): MethodRef =>
  methodRef(resolveOne(text, catalogue, 'method'))

function parted(name: string): readonly [operator: string, method: string] {
  const colon = name.indexOf(':')
  return [name.slice(0, colon), name.slice(colon + 1)]
}
