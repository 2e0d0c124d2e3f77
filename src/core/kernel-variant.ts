/**
 * Which kernels carry out an operator, as data. The fast implementation is read from it; the build writes it to
 * operators.json, so that a host in another language can read it as well.
 */

import type { ParamValue } from './params.ts'

/** Parameters must have the value, one of the values, or be above a bound. */
export type When = Readonly<Record<string, ParamValue | readonly ParamValue[] | { readonly above: number }>>

/** Where a number of a task comes from. */
export type FieldSource =
  | number
  /** A choice that the kernel knows by name. */
  | string
  /** A parameter, times a factor, or its inverse. */
  | { readonly param: string; readonly times?: number; readonly inverse?: true }
  /** What stands for the word that a parameter has (flags: true, false); a number, or a choice by name. */
  | { readonly param: string; readonly choices: Readonly<Record<string, number | string>> }
  /** The address of a table of constants. */
  | { readonly table: string }

export interface KernelVariant {
  /** Where it covers the parameters; of several variants the first one counts, without any the reference does. */
  readonly when?: When
  /** Rows that are longer are left to the next variant, or to the reference. */
  readonly longest?: number
  /** Names of kernels, without their precision. */
  readonly forward: string
  readonly backward: string
  /** The fields of the task of `forward`. */
  readonly set: Readonly<Record<string, FieldSource>>
  /** Entries of the output: one an item (default), one a pair of items, or one a list, with labels and weights. */
  readonly output?: 'item' | 'pair' | 'list'
  /** Cost of a row of n items grows as n^power; how rows are shared out among threads. Default 1. */
  readonly power?: number
  /** Words for what the kernel writes to `choices`. */
  readonly algorithms?: readonly string[]
  /** Name of what the kernel writes to `facts`. */
  readonly fact?: string
  /** Item weights, 1 until written; losses always have them. */
  readonly weighted?: boolean
  /** The kernel answers NaN for a list with a label that is no grade or a weight that is none: nobody needs to look before. */
  readonly checksList?: boolean
}
