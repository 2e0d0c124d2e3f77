/** From what was asked to the list of cells: registries are handed in, data is only asked for its digest. */

import { type Cell, cellKey } from '../core/cell.ts'
import { type DataContext, type Dataset, factsOf, foldsOf } from '../core/dataset.ts'
import { RankBenchError, usageError } from '../core/errors.ts'
import type { Experiment, PlannedCell, Scope } from '../core/experiment.ts'
import type { OperatorSpec } from '../core/method.ts'
import { type MethodRef, methodRef, subjectRef } from '../core/method-ref.ts'
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
import { didYouMean } from '../core/suggest.ts'
import {
  type AskedSystems,
  isPeer,
  nobodyElse,
  ours,
  type Presence,
  type Question,
  reference,
  type Systems,
} from '../core/system.ts'
import { beyondMachine, requireCarriedOut, requireEngine, requireLookedAt, requireMethodsLookedAt } from './honoured.ts'
import type { Machine, SuiteRequest } from './request.ts'

interface Registries {
  readonly operators: ReadonlyMap<string, OperatorSpec>
  readonly datasets: ReadonlyMap<string, Dataset>
  readonly experiments: ReadonlyMap<string, Experiment>
  /** Digest of the plug-in that brought a name. */
  readonly pluginDigests?: ReadonlyMap<string, string>
}

interface PlanRequest {
  readonly suites: readonly SuiteRequest[]
  readonly seed: number
  readonly protocol: Protocol
  readonly data: DataContext
  readonly machine: Machine
  /** Who else may compute. Asked only by experiments and cells that name them: a plan without peers starts no Python. */
  readonly systems: Systems
}

export interface RunPlan {
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

function skipOf(data: DigestOrSkip, peer: Presence | undefined): RunCell['skip'] {
  if ('absent' in data) return { reason: 'data absent', detail: data.absent }
  if (peer && 'missing' in peer) return { reason: 'peer not installed', detail: peer.missing }
  return undefined
}

function protocolText(timed: boolean, protocol: Protocol, peer: Presence | undefined): string {
  if (!timed) return ''
  const base = formatProtocol(protocol)
  return peer && 'versions' in peer ? `${base};${peer.versions}` : base
}

/** An operator that a system brings along. */
interface Brought {
  readonly system: string
  readonly spec: OperatorSpec
}

/** @throws RankBenchError(usage) for an operator that is brought twice, or is one of ours */
function broughtBy(systems: Systems, ours: ReadonlyMap<string, OperatorSpec>): ReadonlyMap<string, Brought> {
  const brought = new Map<string, Brought>()
  for (const system of systems.names) {
    for (const [name, spec] of systems.brings(system)) {
      const other = ours.has(name)
        ? 'which is one of ours'
        : brought.has(name) && `as ${brought.get(name)!.system} does`
      if (other) throw usageError(`${system} brings ${name}, ${other}`, 'give it another name, or leave it to `offers`')
      brought.set(name, { system, spec })
    }
  }
  return brought
}

const specsOf = (brought: ReadonlyMap<string, Brought>): [string, OperatorSpec][] =>
  [...brought].map(([name, { spec }]) => [name, spec])

/** @throws RankBenchError(usage) where an operator that is only a peer's is named for an experiment that asks none */
function requireAskable(
  { name, takes }: Experiment,
  texts: readonly string[],
  brought: ReadonlyMap<string, Brought>,
): void {
  if (takes.brought) return
  const named = texts.flatMap(splitSelectors).flatMap((text) => parseSelector(text).patterns)
  const strange = named.find((pattern) => brought.has(pattern))
  if (strange === undefined) return
  throw usageError(
    `${name} looks at operators of ours; ${strange} is one that ${brought.get(strange)!.system} brings`,
    `rank-bench run -e stability -e fidelity -m ${strange}, or -e speed`,
  )
}

/** What the systems offer of everything that a suite selects, asked in one go. */
async function askAbout(
  systems: Systems,
  methods: readonly MethodRef[],
  datasets: readonly Ref[],
  precisions: readonly Precision[],
): Promise<AskedSystems> {
  const questions = methods.flatMap((method) =>
    datasets.flatMap((dataset) => precisions.map((precision) => ({ method, dataset, precision }))),
  )
  const textOf = ({ method, dataset, precision }: Question) => `${formatRef(method)} ${formatRef(dataset)} ${precision}`
  const answers = await systems.offering(questions)
  const offers = new Map(questions.map((question, i) => [textOf(question), answers[i]]))
  const { names, usual } = systems
  return { ...nobodyElse, names, usual, offering: (question) => offers.get(textOf(question)) ?? [] }
}

async function scopeOf(
  suite: SuiteRequest,
  experiment: Ref,
  registries: Registries,
  { seed, systems }: PlanRequest,
): Promise<Scope> {
  const dataset = (ref: Ref) => registries.datasets.get(ref.name)!
  const { takes } = registries.experiments.get(experiment.name)!
  const brought = broughtBy(systems, registries.operators)
  requireAskable(registries.experiments.get(experiment.name)!, suite.methods ?? [], brought)
  const selectable = new Map([...registries.operators, ...(takes.brought ? specsOf(brought) : [])])
  const methods = expand(suite.methods ?? [], catalogueOf(selectable), 'method').map(methodRef)
  const datasets = expand(suite.datasets, catalogueOf(registries.datasets), 'dataset')
  const precisions = suite.precisions ?? ['f64']
  const others = takes.systems === 'peers' ? await askAbout(systems, methods, datasets, precisions) : nobodyElse
  return {
    experiment,
    methods,
    datasets,
    seeds: suite.seeds ?? [seed],
    precisions,
    systems: { ...others, bringer: (name) => brought.get(name)?.system },
    kindOf: (ref) => dataset(ref).kind,
    facts: (ref) => factsOf(dataset(ref)),
    folds: (ref) => {
      const all = foldsOf(dataset(ref), ref.params)
      const unknown = suite.folds?.find((fold) => !all.includes(fold))
      if (unknown) throw usageError(`${dataset(ref).name} has no fold "${unknown}"; it has: ${all.join(', ')}`)
      return suite.folds ?? all
    },
  }
}

/** @throws RankBenchError(usage) where an experiment finds nothing to look at */
function requireSome(suite: SuiteRequest, { name, question }: Experiment, cells: readonly PlannedCell[]): void {
  if (cells.length > 0) return
  throw usageError(
    `${name} has nothing to measure for ${(suite.methods ?? ['no methods']).join(' ')} on ${suite.datasets.join(' ')}`,
    `question it answers: ${question}`,
  )
}

/** Cells of one suite, before data digests and protocol. */
async function planSuite(
  suite: SuiteRequest,
  registries: Registries,
  request: PlanRequest,
): Promise<{ experiment: Ref; cells: PlannedCell[] }[]> {
  const planned: { experiment: Ref; cells: PlannedCell[] }[] = []
  requireEngine(suite.experiment, request.machine)
  for (const ref of expand([suite.experiment], catalogueOf(registries.experiments), 'experiment')) {
    const experiment = registries.experiments.get(ref.name)!
    const cells = experiment.plan(await scopeOf(suite, ref, registries, request))
    planned.push({ experiment: ref, cells })
    requireSome(suite, experiment, cells)
    requireLookedAt({ suite, experiment, datasets: catalogueOf(registries.datasets) }, cells)
  }
  return planned
}

/** A cell that a plug-in takes part in is another cell when the plug-in changes. */
function pluginOf(
  names: readonly string[],
  { pluginDigests }: Registries,
  adapter: readonly string[],
): Pick<Cell, 'plugin'> {
  const digests = [...names.flatMap((name) => pluginDigests?.get(name) ?? []), ...adapter]
  return digests.length > 0 ? { plugin: digests.join() } : {}
}

const adapterOf = (peer: Presence | undefined): string[] => (peer && 'adapter' in peer ? [peer.adapter!] : [])
/** What a cell needs that is not in its plan. */
interface Ingredients {
  readonly data: DigestOrSkip
  /** What it reads besides its fold. */
  readonly reads: DigestOrSkip | undefined
  readonly peer: Presence | undefined
}

function finishCell(
  planned: PlannedCell,
  experiment: Ref,
  { data, reads, peer }: Ingredients,
  { protocol, machine }: PlanRequest,
  registries: Registries,
): RunCell {
  const { version, timed, usesEngine } = registries.experiments.get(experiment.name)!
  const hasKernels = registries.operators.get(planned.method.name)?.fast !== undefined
  const cell: Cell = {
    ...planned,
    // A plug-in may write a name by hand.
    method: subjectRef(planned.method),
    experiment,
    version,
    dataDigest: 'digest' in data ? data.digest : 'absent',
    protocol: protocolText(timed, protocol, peer),
    ...(reads && { reads: 'digest' in reads ? reads.digest : 'absent' }),
    ...(machine.engineMissing && hasKernels && usesEngine?.(planned, experiment) && { engine: 'reference' as const }),
    ...pluginOf([experiment.name, planned.method.name, planned.dataset.name], registries, adapterOf(peer)),
  }
  const beyond = beyondMachine(experiment, machine)
  const skip: RunCell['skip'] = beyond
    ? { reason: 'unsupported', detail: beyond }
    : skipOf(reads && 'absent' in reads ? reads : data, peer)
  return { key: cellKey(cell), cell, timed, ...(skip ? { skip } : {}) }
}

/** @throws RankBenchError(usage) where all that was asked for is more than the machine gives */
function requireOneForThisMachine(cells: readonly RunCell[]): void {
  const beyond = cells.filter(({ skip }) => skip?.reason === 'unsupported')
  if (cells.length > 0 && beyond.length === cells.length) throw usageError(beyond[0].skip!.detail)
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
function requireSystem(experiment: Ref, { system }: PlannedCell, { names }: Systems): void {
  if (!isPeer(system) || names.includes(system)) return
  throw usageError(
    `${experiment.name} plans a cell for "${system}", which nobody here is; expected ${[ours, reference, ...names].join(', ')}`,
    didYouMean(system, names, 'rank-bench peers list'),
  )
}

/**
 * All cells of all suites, each once.
 * @throws RankBenchError(usage) for selectors that match nothing, suites that plan no cell and cells of nobody known;
 *   RankBenchError(data) for data that is here but damaged
 */
export async function planRun(request: PlanRequest, registries: Registries): Promise<RunPlan> {
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
  const peers = new Map<string, Presence>()
  const peerOf = async (system: string): Promise<Presence | undefined> => {
    if (!isPeer(system)) return undefined
    const known = peers.get(system) ?? (await request.systems.describe(system))
    peers.set(system, known)
    return known
  }
  const suites: Awaited<ReturnType<typeof planSuite>>[] = []
  for (const suite of request.suites) suites.push(await planSuite(suite, registries, request))
  const asked = request.suites.map((suite, i) => ({ suite, cells: suites[i].flatMap(({ cells: some }) => some) }))
  const every = new Map([...registries.operators, ...specsOf(broughtBy(request.systems, registries.operators))])
  requireMethodsLookedAt(asked, catalogueOf(every), registries.experiments)
  requireCarriedOut(asked)
  for (const { experiment, cells: planned } of suites.flat()) {
    for (const each of planned) {
      requireSystem(experiment, each, request.systems)
      const needed = registries.experiments.get(experiment.name)!.needs?.(experiment)
      const [data, peer] = [await dataOf(each.dataset), await peerOf(needed ?? each.system)]
      const reads = 'digest' in data ? await readsOf(experiment, each, request.data, registries) : undefined
      const cell = finishCell(each, experiment, { data, reads, peer }, request, registries)
      cells.set(cell.key, cell)
    }
  }
  const found = [...digests].flatMap(([label, data]) => ('digest' in data ? [[label, data.digest] as const] : []))
  requireOneForThisMachine([...cells.values()])
  const { engineMissing } = request.machine
  const noEngine = engineMissing && [...cells.values()].some(({ cell }) => cell.engine === 'reference')
  const notes = [
    ...(noEngine
      ? [
          `warning: no engine here, operators are carried out in plain TypeScript: ${engineMissing.reason}; ${engineMissing.cure}`,
        ]
      : []),
    ...[...digests.values()].flatMap((data) => ('notes' in data ? data.notes : [])),
  ]
  return { cells: [...cells.values()], dataDigests: Object.fromEntries(found), notes }
}
