/**
 * Kernels of an operator as data (core/kernel-variant.ts): written by a family, checked against what the kernels are told,
 * and read here.
 */

import type { FieldSource, KernelVariant, When } from '../../core/kernel-variant.ts'
import type { Params, ParamValue } from '../../core/params.ts'
import { longestRow, type Precision, rowLengths, type Shape } from '../../core/shape.ts'
import type { KernelSpec } from '../../engine/kernel-plan.ts'
import type { kernelTasks, tasks } from '../../engine/kernel-table.ts'
import type { KernelName } from '../../engine/task.ts'
import { type KernelTable, type TableWanted, tableFor } from './kernel-tables.ts'

type FieldsOf<Kernel extends KernelName> = (typeof tasks)[(typeof kernelTasks)[Kernel]]['fields']

/** What may stand for a field of that type. */
type SourceOf<Field> = Field extends { readonly choices: infer Choices }
  ?
      | (keyof Choices & string)
      | { readonly param: string; readonly choices: Readonly<Record<string, keyof Choices & string>> }
  : Field extends { readonly type: 'usize' }
    ? { readonly table: KernelTable }
    : Exclude<FieldSource, string | { readonly table: string }>

type Written<Kernel extends KernelName> = Omit<KernelVariant, 'forward' | 'backward' | 'set'> & {
  readonly forward: Kernel
  readonly backward: KernelName
  readonly set: { readonly [Name in keyof FieldsOf<Kernel>]: SourceOf<FieldsOf<Kernel>[Name]> }
}

/** A variant, checked: its kernels exist, and every field of their task is set from something that it takes. */
export const variant = <Kernel extends KernelName>(written: Written<Kernel>): KernelVariant => written as KernelVariant

/** What losses have in common: forward leaves the gradient, backward scales it. */
export const lossVariant = <Kernel extends KernelName>(
  written: Omit<Written<Kernel>, 'backward' | 'output'>,
): KernelVariant => variant<Kernel>({ ...written, backward: 'scaleGradients', output: 'list' } as Written<Kernel>)

/** +1 where larger positions hold larger values, -1 the other way round. */
export const ascendingSign = { param: 'direction', choices: { ascending: 1, descending: -1 } } as const
export const descendingSign = { param: 'direction', choices: { ascending: -1, descending: 1 } } as const

/** Entries of all matrices that kernels keep: output and gradient of f64 take a gigabyte then. Larger ones are the reference's. */
const mostMatrixEntries = 2 ** 26

const fitsAsMatrix = (shape: Shape): boolean =>
  rowLengths(shape).reduce((entries, n) => entries + n * n, 0) <= mostMatrixEntries

function holds(wanted: When[string], value: ParamValue): boolean {
  if (Array.isArray(wanted)) return wanted.includes(value)
  return typeof wanted === 'object' ? Number(value) > (wanted as { above: number }).above : value === wanted
}

/** Every condition reads its parameter, whatever the others say: what is read is honoured. */
export const allHold = (when: When, params: Params): boolean =>
  Object.entries(when).filter(([name, wanted]) => !holds(wanted, params[name])).length === 0

const covers = ({ when = {}, longest, output }: KernelVariant, shape: Shape, params: Params): boolean =>
  allHold(when, params) &&
  (longest === undefined || longestRow(shape) <= longest) &&
  (output !== 'pair' || fitsAsMatrix(shape))

function fieldOf(source: FieldSource, params: Params): number | string {
  if (typeof source !== 'object') return source
  if ('table' in source) throw new Error('a table is no number')
  const value = params[source.param]
  if ('choices' in source) return source.choices[String(value)]
  return source.inverse ? (source.times ?? 1) / Number(value) : (source.times ?? 1) * Number(value)
}

const isTable = (source: FieldSource): source is { table: string } => typeof source === 'object' && 'table' in source

/** One variant at given parameters. */
function readVariant(variant: KernelVariant, shape: Shape, params: Params, precision: Precision): KernelSpec {
  const { when: _, longest: __, set, output, ...rest } = variant
  const sources = Object.entries(set)
  const isWanted = ({ when: wanted, from = 0 }: TableWanted) => allHold(wanted, params) && longestRow(shape) >= from
  const tableOf = (name: string) => tableFor(name as KernelTable, shape, precision, isWanted)
  return {
    ...rest,
    fields: Object.fromEntries(
      sources.flatMap(([name, source]) => (isTable(source) ? [] : [[name, fieldOf(source, params)]])),
    ),
    tables: Object.fromEntries(
      sources.flatMap(([name, source]) => (isTable(source) ? [[name, tableOf(source.table)]] : [])),
    ),
    ...(output === 'pair' && { output: (n: number) => n * n }),
  }
}

/** The first variant that covers the parameters and the shape; nothing where only the reference does. */
export function readVariants(
  variants: readonly KernelVariant[],
  shape: Shape,
  params: Params,
  precision: Precision,
): KernelSpec | undefined {
  const found = variants.find((variant) => covers(variant, shape, params))
  return found && readVariant(found, shape, params, precision)
}
