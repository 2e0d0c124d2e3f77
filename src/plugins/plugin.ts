/** What a plug-in module exports by default: its parts, or a function from the kit to its parts. */

import type { Dataset } from '../core/dataset.ts'
import { RankBenchError, usageError } from '../core/errors.ts'
import type { Experiment } from '../core/experiment.ts'
import type { Method } from '../core/method.ts'
import { isOperator, operatorNames } from '../core/operators.ts'
import { faultOfParam, type ParamSpace } from '../core/params.ts'
import type { Kit } from './kit.ts'

export interface PluginParts {
  readonly methods?: readonly Method[]
  readonly datasets?: readonly Dataset[]
  readonly experiments?: readonly Experiment[]
}

export type Plugin = PluginParts | ((kit: Kit) => PluginParts | Promise<PluginParts>)

type Fields = Readonly<Record<string, 'string' | 'number' | 'boolean' | 'function' | 'object'>>

const fieldsOf: Readonly<Record<keyof PluginParts, Fields>> = {
  methods: { name: 'string', title: 'string', citations: 'object', operators: 'object' },
  datasets: {
    name: 'string',
    title: 'string',
    params: 'object',
    licence: 'string',
    citation: 'string',
    kind: 'string',
  },
  experiments: {
    name: 'string',
    version: 'number',
    question: 'string',
    params: 'object',
    takes: 'object',
    measures: 'object',
    timed: 'boolean',
    plan: 'function',
    run: 'function',
  },
}

const namePattern = /^[\w./-]+(:[\w./-]+)?$/

function requireFields(value: unknown, fields: Fields, where: string): void {
  if (typeof value !== 'object' || value === null) throw usageError(`${where} is ${value}; expected an object`)
  const entry = value as Record<string, unknown>
  for (const [field, type] of Object.entries(fields)) {
    if (typeof entry[field] === type && entry[field] !== null) continue
    throw usageError(`${where}: ${field} is ${JSON.stringify(entry[field])}; expected a ${type}`)
  }
  if (!namePattern.test(String(entry.name))) {
    throw usageError(`${where}: the name "${entry.name}" cannot stand in a selector; expected letters, digits, - . /`)
  }
}

/** Whether every parameter is of a kind that selectors know, with a default of its own range. */
function requireParams(params: ParamSpace, where: string): void {
  for (const [name, spec] of Object.entries(params)) {
    const fault = faultOfParam(spec)
    if (fault) throw usageError(`${where}: parameter ${name}: ${fault}`)
  }
}

/** Operators of a method, beyond their being there. */
function requireOperators(method: Method, where: string): void {
  for (const [operator, spec] of Object.entries(method.operators)) {
    if (!isOperator(operator)) {
      throw usageError(`${where}: "${operator}" is no operator; expected one of ${operatorNames.join(', ')}`)
    }
    if (typeof spec?.plan !== 'function' || typeof spec.params !== 'object' || typeof spec.growth !== 'object') {
      throw usageError(`${where}: ${operator} needs params, growth, gradient and plan`, 'see rank-bench init method')
    }
    requireParams(spec.params, `${where}: ${operator}`)
  }
}

/**
 * The parts of a module, checked.
 * @throws RankBenchError(usage) naming the part and the field that is missing or of another type, or when there is nothing in it
 */
export async function readParts(exported: unknown, kit: Kit, where: string): Promise<PluginParts> {
  const parts =
    typeof exported === 'function' ? await callPlugin(exported as (kit: Kit) => unknown, kit, where) : exported
  if (typeof parts !== 'object' || parts === null) {
    throw usageError(`${where} exports ${parts} by default; expected methods, datasets or experiments`)
  }
  const unknown = Object.keys(parts).find((key) => !(key in fieldsOf))
  if (unknown) throw usageError(`${where}: "${unknown}" is no part; expected ${Object.keys(fieldsOf).join(', ')}`)
  for (const [part, fields] of Object.entries(fieldsOf)) {
    const entries = (parts as Record<string, unknown>)[part] ?? []
    if (!Array.isArray(entries)) throw usageError(`${where}: ${part} is no list`)
    entries.forEach((entry, i) => {
      requireFields(entry, fields, `${where}: ${part}[${i}]`)
      if (part === 'methods') requireOperators(entry as Method, `${where}: ${part}[${i}]`)
      else requireParams((entry as Dataset | Experiment).params, `${where}: ${part}[${i}]`)
    })
  }
  requireSomething(parts as PluginParts, where)
  return parts as PluginParts
}

/** A plug-in without content is a mistake of its author: every check of it would pass. */
function requireSomething({ methods = [], datasets = [], experiments = [] }: PluginParts, where: string): void {
  const operators = methods.flatMap((method) => Object.keys(method.operators))
  if (operators.length + datasets.length + experiments.length > 0) return
  throw usageError(`${where} brings nothing; expected methods, datasets or experiments`, 'see rank-bench init method')
}

async function callPlugin(plugin: (kit: Kit) => unknown, kit: Kit, where: string): Promise<unknown> {
  try {
    return await plugin(kit)
  } catch (error) {
    if (error instanceof RankBenchError) throw error
    throw usageError(`${where} threw: ${error instanceof Error ? error.message : error}`)
  }
}
