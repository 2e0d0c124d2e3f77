/** One measurement and its content key. */

import { createHash } from 'node:crypto'
import type { Subject } from './method-ref.ts'
import type { Ref } from './selector.ts'
import { formatRef } from './selector.ts'
import type { Precision } from './shape.ts'
import { ours } from './system.ts'

/** Everything of a cell but who computes: cells that share it are measured side by side, and stand beside each other. */
export const groupOf = ({ experiment, method, dataset, split, seed, precision }: Cell): string =>
  JSON.stringify([experiment, method.name, method.params, dataset, split, seed, precision])

/** experiment x selector x data set x split x seed x precision: everything a worker process needs, all of it serialisable. */
export interface Cell {
  readonly experiment: Ref
  /** Raised by the experiment when the meaning of its numbers changes. */
  readonly version: number
  /** Who computes, by name: this build, its reference, or a peer. */
  readonly system: string
  readonly method: Subject
  readonly dataset: Ref
  /** Digest of the data; an empty string for lists that the cell generates from its own key. */
  readonly dataDigest: string
  readonly split: string
  readonly seed: number
  readonly precision: Precision
  /** What the numbers depend on besides: rounds, iterations. Empty for cells that are not timed. */
  readonly protocol: string
  /** Digest of what the cell reads of its data set besides the fold; absent where it reads nothing else. */
  readonly reads?: string
  /** `reference` where the machine refused the engine that the cell is meant for; absent everywhere else. */
  readonly engine?: 'reference'
  /** Digests of the plug-ins that experiment, method or data set come from; absent when all are built in. */
  readonly plugin?: string
}

/** Whether this build computes it, with what a user gets. */
export const isOurs = ({ system }: Pick<Cell, 'system'>): boolean => system === ours

/** Cells of a large plan share their refs. */
const texts = new WeakMap<Ref, string>()

function textOf(ref: Ref): string {
  const text = texts.get(ref) ?? formatRef(ref)
  texts.set(ref, text)
  return text
}

/** 16 hex digits of SHA-256 over the canonical text of a cell: equal content, equal key. */
export function cellKey(cell: Cell): string {
  const text = JSON.stringify([
    textOf(cell.experiment),
    cell.version,
    cell.system,
    textOf(cell.method),
    textOf(cell.dataset),
    cell.dataDigest,
    cell.split,
    cell.seed,
    cell.precision,
    cell.protocol,
    ...(cell.plugin === undefined ? [] : [cell.plugin]),
    ...(cell.reads === undefined ? [] : ['reads', cell.reads]),
    ...(cell.engine === undefined ? [] : ['engine', cell.engine]),
  ])
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
