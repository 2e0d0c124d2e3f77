/** From what was asked to the list of cells: registries are handed in, data is only asked for its digest. */

import { type Cell, cellKey, type Implementation, isImplementation, isPeer } from '../core/cell.ts'
import type { DataContext, Dataset } from '../core/dataset.ts'
import { RankBenchError, usageError } from '../core/errors.ts'
import type { Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { OperatorSpec } from '../core/method.ts'
import { methodRef, subjectRef } from '../core/method-ref.ts'
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
  /** Digest of the plug-in that brought a name. */
  readonly pluginDigests?: ReadonlyMap<string, string>
}

export interface SuiteRequest {
  readonly experiment: string
  /** None for experiments that bring their own. */
  readonly methods?: readonly string[] | undefined
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
  /** Asked once for each peer that a planned cell names; a plan without one starts no Python. */
  readonly peer: (name: Implementation) => Promise<Peer>
}

/** Versions of a peer as they go into the keys of timed cells, or why it cannot take part. */
export type Peer = { readonly versions: string } | { readonly missing: string }

export interface Plan {
  readonly cells: readonly RunCell[]
  readonly dataDigests: Readonly<Record<string, string>>
  /** What the reader of a number must know of the files that were read. */
  readonly notes: readonly string[]
}

const catalogueOf = (entries: ReadonlyMap<string, { readonly params: OperatorSpec['params'] }>): Catalogue =>
  new Map([...entries].map(([name, entry]) => [name, entry.params]))

const expand = (texts: readonly string[], catalogue: Catalogue, what: string): Ref[] =>
  expandSelectors(texts.flatMap(splitSelectors).map(parseSelector), catalogue, what)

type DigestOrSkip = { readonly digest: string; readonly notes: readonly string[] } | { readonly absent: string }

/** What a digest is of, and what a reader must know of it. */
interface Digested {
  digest(): Promise<string>
  notes?(): Promise<readonly string[]> | undefined
}

/** A digest, or why what it is of is not on this machine. */
async function digestOf(read: Digested): Promise<DigestOrSkip> {
  try {
    return { digest: await read.digest(), notes: (await read.notes?.()) ?? [] }
  } catch (error) {
    if (!(error instanceof RankBenchError) || error.kind !== 'absent') throw error
    return { absent: error.hint ? `${error.message} (${error.hint})` : error.message }
  }
}

function skipOf(data: DigestOrSkip, peer: Peer | undefined): RunCell['skip'] {
  if ('absent' in data) return { reason: 'data absent', detail: data.absent }
  if (peer && 'missing' in peer) return { reason: 'peer not installed', detail: peer.missing }
  return undefined
}

function protocolText(timed: boolean, protocol: Protocol, peer: Peer | undefined): string {
  if (!timed) return ''
  const base = formatProtocol(protocol)
  return peer && 'versions' in peer ? `${base};${peer.versions}` : base
}

function scopeOf(suite: SuiteRequest, experiment: Ref, registries: Registries, seed: number): Scope {
  const dataset = (ref: Ref) => registries.datasets.get(ref.name)!
  return {
    experiment,
    methods: expand(suite.methods ?? [], catalogueOf(registries.operators), 'method').map(methodRef),
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

/** Cells of one suite, before data digests and protocol. */
function planSuite(
  suite: SuiteRequest,
  registries: Registries,
  seed: number,
): { experiment: Ref; cells: PlannedCell[] }[] {
  return expand([suite.experiment], catalogueOf(registries.experiments), 'experiment').map((ref) => {
    const experiment = registries.experiments.get(ref.name)!
    const cells = experiment.plan(scopeOf(suite, ref, registries, seed))
    if (cells.length > 0) return { experiment: ref, cells }
    throw usageError(
      `${ref.name} has nothing to measure for ${(suite.methods ?? ['no methods']).join(' ')} on ${suite.datasets.join(' ')}`,
      `question it answers: ${experiment.question}`,
    )
  })
}

/** A cell that a plug-in takes part in is another cell when the plug-in changes. */
function pluginOf(names: readonly string[], { pluginDigests }: Registries): Pick<Cell, 'plugin'> {
  const digests = names.flatMap((name) => pluginDigests?.get(name) ?? [])
  return digests.length > 0 ? { plugin: digests.join() } : {}
}

/** What a cell needs that is not in its plan. */
interface Ingredients {
  readonly data: DigestOrSkip
  /** What it reads besides its fold. */
  readonly reads: DigestOrSkip | undefined
  readonly peer: Peer | undefined
}

function finishCell(
  planned: PlannedCell,
  experiment: Ref,
  { data, reads, peer }: Ingredients,
  protocol: Protocol,
  registries: Registries,
): RunCell {
  const { version, timed } = registries.experiments.get(experiment.name)!
  const cell: Cell = {
    ...planned,
    // A plug-in may write a name by hand.
    method: subjectRef(planned.method),
    experiment,
    version,
    dataDigest: 'digest' in data ? data.digest : 'absent',
    protocol: protocolText(timed, protocol, peer),
    ...(reads && { reads: 'digest' in reads ? reads.digest : 'absent' }),
    ...pluginOf([experiment.name, planned.method.name, planned.dataset.name], registries),
  }
  const skip = skipOf(reads && 'absent' in reads ? reads : data, peer)
  return { key: cellKey(cell), cell, timed, ...(skip ? { skip } : {}) }
}

/** What a cell reads besides its fold, or why that is not on this machine; nothing for most. */
async function readsOf(
  experiment: Ref,
  planned: PlannedCell,
  context: DataContext,
  { experiments, datasets }: Registries,
): Promise<DigestOrSkip | undefined> {
  const { reads } = experiments.get(experiment.name)!
  return reads && (await digestOf({ digest: () => reads(planned, datasets.get(planned.dataset.name)!, context) }))
}

/** @throws RankBenchError(usage) for a cell of somebody who is not known */
function requireImplementation(experiment: Ref, { implementation }: PlannedCell): void {
  if (isImplementation(implementation)) return
  throw usageError(
    `${experiment.name} plans a cell for "${implementation}", which nobody here is; expected rank-bench, reference, torchsort or torch`,
  )
}

/**
 * All cells of all suites, each once.
 * @throws RankBenchError(usage) for selectors that match nothing, suites that plan no cell and cells of nobody known;
 *   RankBenchError(data) for data that is here but damaged
 */
export async function planRun(request: PlanRequest, registries: Registries): Promise<Plan> {
  const cells = new Map<string, RunCell>()
  const digests = new Map<string, DigestOrSkip>()
  const dataOf = async (ref: Ref): Promise<DigestOrSkip> => {
    const label = formatRef(ref)
    const dataset = registries.datasets.get(ref.name)!
    const known =
      digests.get(label) ??
      (await digestOf({
        digest: () => dataset.digest(ref.params, request.data),
        notes: () => dataset.notes?.(ref.params, request.data),
      }))
    digests.set(label, known)
    return known
  }
  const peers = new Map<Implementation, Peer>()
  const peerOf = async (implementation: Implementation): Promise<Peer | undefined> => {
    if (!isPeer(implementation)) return undefined
    const known = peers.get(implementation) ?? (await request.peer(implementation))
    peers.set(implementation, known)
    return known
  }
  const suites = request.suites.flatMap((suite) => planSuite(suite, registries, request.seed))
  for (const { experiment, cells: planned } of suites) {
    for (const each of planned) {
      requireImplementation(experiment, each)
      const [data, peer] = [await dataOf(each.dataset), await peerOf(each.implementation)]
      const reads = 'digest' in data ? await readsOf(experiment, each, request.data, registries) : undefined
      const cell = finishCell(each, experiment, { data, reads, peer }, request.protocol, registries)
      cells.set(cell.key, cell)
    }
  }
  const found = [...digests].flatMap(([label, data]) => ('digest' in data ? [[label, data.digest] as const] : []))
  const notes = [...digests.values()].flatMap((data) => ('notes' in data ? data.notes : []))
  return { cells: [...cells.values()], dataDigests: Object.fromEntries(found), notes }
}
