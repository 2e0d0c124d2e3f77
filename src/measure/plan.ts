/** From what was asked to the list of cells: registries are handed in, data is only asked for its digest. */

import { type Cell, cellKey } from '../core/cell.ts'
import type { DataContext, Dataset } from '../core/dataset.ts'
import { RankBenchError, usageError } from '../core/errors.ts'
import type { Experiment, Scope } from '../core/experiment.ts'
import type { OperatorSpec } from '../core/method.ts'
import { formatProtocol, type Protocol } from '../core/protocol.ts'
import type { RunCell } from '../core/result.ts'
import {
  type Catalogue,
  expandSelectors,
  formatRef,
  parseSelector,
  type Ref,
  splitSelectors,
} from '../core/selector.ts'
import type { Precision } from '../core/shape.ts'

export interface Registries {
  readonly operators: ReadonlyMap<string, OperatorSpec>
  readonly datasets: ReadonlyMap<string, Dataset>
  readonly experiments: ReadonlyMap<string, Experiment>
}

export interface SuiteRequest {
  readonly experiment: string
  readonly methods: readonly string[]
  readonly datasets: readonly string[]
  readonly precisions?: readonly Precision[] | undefined
  readonly seeds?: readonly number[] | undefined
  readonly folds?: readonly string[] | undefined
}

export interface PlanRequest {
  readonly suites: readonly SuiteRequest[]
  readonly seed: number
  readonly protocol: Protocol
  readonly data: DataContext
  /** Versions of a peer as they go into the key, or why it cannot take part. */
  readonly peer: { readonly versions: string } | { readonly missing: string }
}

export interface Plan {
  readonly cells: readonly RunCell[]
  readonly dataDigests: Readonly<Record<string, string>>
}

const catalogueOf = (entries: ReadonlyMap<string, { readonly params: OperatorSpec['params'] }>): Catalogue =>
  new Map([...entries].map(([name, entry]) => [name, entry.params]))

const expand = (texts: readonly string[], catalogue: Catalogue, what: string): Ref[] =>
  expandSelectors(texts.flatMap(splitSelectors).map(parseSelector), catalogue, what)

type DigestOrSkip = { readonly digest: string } | { readonly absent: string }

/** Digest of a data set, or why it is not on this machine. Asked once a data set. */
async function digestOf(dataset: Dataset, ref: Ref, data: DataContext): Promise<DigestOrSkip> {
  try {
    return { digest: await dataset.digest(ref.params, data) }
  } catch (error) {
    if (!(error instanceof RankBenchError) || error.kind !== 'data') throw error
    return { absent: error.hint ? `${error.message} (${error.hint})` : error.message }
  }
}

function skipOf(cell: Cell, data: DigestOrSkip, peer: PlanRequest['peer']): RunCell['skip'] {
  if ('absent' in data) return { reason: 'data absent', detail: data.absent }
  if (cell.implementation !== 'rank-bench' && 'missing' in peer)
    return { reason: 'peer not installed', detail: peer.missing }
  return undefined
}

function protocolText(cell: { implementation: Cell['implementation'] }, timed: boolean, request: PlanRequest): string {
  if (!timed) return ''
  const base = formatProtocol(request.protocol)
  return cell.implementation !== 'rank-bench' && 'versions' in request.peer ? `${base};${request.peer.versions}` : base
}

function scopeOf(suite: SuiteRequest, experiment: Ref, registries: Registries, seed: number): Scope {
  const dataset = (ref: Ref) => registries.datasets.get(ref.name)!
  return {
    experiment,
    methods: expand(suite.methods, catalogueOf(registries.operators), 'method'),
    datasets: expand(suite.datasets, catalogueOf(registries.datasets), 'dataset'),
    seeds: suite.seeds ?? [seed],
    precisions: suite.precisions ?? ['f64'],
    kindOf: (ref) => dataset(ref).kind,
    folds: (ref) => {
      const found = dataset(ref)
      const all = found.kind === 'ranking' ? found.folds(ref.params) : []
      const unknown = suite.folds?.find((fold) => !all.includes(fold))
      if (unknown) throw usageError(`${ref.name} has no fold "${unknown}"; it has: ${all.join(', ')}`)
      return suite.folds ?? all
    },
  }
}

/** @throws RankBenchError(usage) for selectors that match nothing or suites that plan no cell. */
export async function planRun(request: PlanRequest, registries: Registries): Promise<Plan> {
  const cells = new Map<string, RunCell>()
  const digests = new Map<string, DigestOrSkip>()
  for (const suite of request.suites) {
    for (const ref of expand([suite.experiment], catalogueOf(registries.experiments), 'experiment')) {
      const experiment = registries.experiments.get(ref.name)!
      const planned = experiment.plan(scopeOf(suite, ref, registries, request.seed))
      if (planned.length === 0) {
        throw usageError(
          `${ref.name} has nothing to measure for ${suite.methods.join(' ')} on ${suite.datasets.join(' ')}`,
          `question it answers: ${experiment.question}`,
        )
      }
      for (const each of planned) {
        const label = formatRef(each.dataset)
        if (!digests.has(label))
          digests.set(label, await digestOf(registries.datasets.get(each.dataset.name)!, each.dataset, request.data))
        const data = digests.get(label)!
        const cell: Cell = {
          ...each,
          experiment: ref,
          version: experiment.version,
          dataDigest: 'digest' in data ? data.digest : 'absent',
          protocol: protocolText(each, experiment.timed, request),
        }
        const key = cellKey(cell)
        const skip = skipOf(cell, data, request.peer)
        cells.set(key, { key, cell, timed: experiment.timed, ...(skip ? { skip } : {}) })
      }
    }
  }
  const found = [...digests].flatMap(([label, data]) => ('digest' in data ? [[label, data.digest] as const] : []))
  return { cells: [...cells.values()], dataDigests: Object.fromEntries(found) }
}
