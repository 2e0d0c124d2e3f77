/** `gain=linear,blank=1` as a convention. */

import { usageError } from '../core/errors.ts'
import { suggest } from '../core/suggest.ts'
import type { Convention } from './convention.ts'

/** Values of each field as written; empty for fields that hold a label. */
const fieldValues: Readonly<Record<keyof Convention, readonly string[]>> = {
  gain: ['exp2', 'linear'],
  discount: ['log2', 'letor'],
  blank: ['0', '1', 'drop'],
  short: ['pad', 'cut', 'zero'],
  ties: ['stable', 'average', 'pessimistic', 'optimistic', 'docid'],
  ideal: ['cut', 'full'],
  relevant: [],
  threshold: ['from', 'above'],
  divisor: ['relevant', 'reachable', 'found'],
  scores: ['f64', 'f32'],
  labels: ['given', 'truncated'],
  grade: [],
}
const fieldNames = Object.keys(fieldValues) as (keyof Convention)[]

function parseField(word: string, part: string, text: string): keyof Convention {
  const found = fieldNames.find((name) => name === word)
  if (found && part.includes('=')) return found
  const near = suggest(word, fieldNames)
  throw usageError(
    `metric "${text}": "${part}" is not a field of a convention; fields: ${fieldNames.join(', ')}`,
    found ? `write ${found}=value` : near.length > 0 ? `did you mean ${near.join(' or ')}?` : undefined,
  )
}

function parseValue(field: keyof Convention, value: string, text: string): string | number {
  if (field === 'relevant' || field === 'grade') {
    const least = field === 'relevant' ? 0 : Number.MIN_VALUE
    if (/^\d{1,15}(\.\d{1,15})?$/.test(value) && Number(value) >= least) return Number(value)
    throw usageError(`metric "${text}": ${field}=${value}; expected a label above 0`)
  }
  if (fieldValues[field].includes(value)) return field === 'blank' && value !== 'drop' ? Number(value) : value
  throw usageError(`metric "${text}": ${field}=${value}; expected ${fieldValues[field].join(' | ')}`)
}

/**
 * The fields that `body` names over those of `base`; `text` is the whole metric, for messages.
 * @throws RankBenchError(usage) for an unknown field, a field given twice, or a value that it does not have
 */
export function parseConvention(body: string, base: Convention, text: string): Convention {
  const fields = new Map<keyof Convention, string | number>()
  for (const part of body.split(',').map((each) => each.trim())) {
    if (part === '') continue
    const at = part.indexOf('=')
    const field = parseField((at < 0 ? part : part.slice(0, at)).trim(), part, text)
    if (fields.has(field)) throw usageError(`metric "${text}": ${field} is given twice`)
    fields.set(field, parseValue(field, part.slice(at + 1).trim(), text))
  }
  const convention = { ...base, ...Object.fromEntries(fields) }
  if (convention.relevant === 0 && convention.threshold === 'from') {
    throw usageError(
      `metric "${text}": relevant=0 makes every document relevant; expected a label above 0`,
      'relevant=0,threshold=above means labels above 0',
    )
  }
  return convention
}
