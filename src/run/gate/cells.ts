/** Cells of a plan on both sides: another build measures its own in its own processes, a plug-in or a Python of another version in ours. */

import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { RunConfig } from '../../config/schema.ts'
import { type Cell, cellKey } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { GateParty, Side } from '../../core/gate.ts'
import type { RunCell, VisitOutcome } from '../../core/result.ts'
import { isPeer } from '../../core/system.ts'
import { subjectOf } from '../../judge/gate/subject.ts'
import { visitInFork } from '../../measure/forks.ts'
import { defaultMemoryGiB } from '../../measure/memory.ts'
import type { PlannedPlugin } from '../../measure/worker.ts'
import { digestOfModule } from '../../plugins/digest.ts'
import { datasets, experiments, operators } from '../../registry.ts'
import { modulesOf, thisBuild, type Version } from '../../systems/build/version.ts'
import { type PythonSystems, pythonSystems } from '../../systems/python/adapters.ts'
import { type PlannedRun, planConfig, type RunOptions } from '../run.ts'
import { createVisitor } from '../visit.ts'
import type { GateSubject } from './series.ts'

/** How a side measures a cell. */
interface CellSide {
  readonly party: GateParty
  readonly workerUrl?: string
  readonly registryUrl: string
  readonly plugins: readonly PlannedPlugin[]
  readonly systems: PythonSystems
}

export interface CellContestants {
  readonly parties: Readonly<Record<Side, GateParty>>
  readonly timed: readonly GateSubject[]
  /** Untimed cells, those of one question together: folds and seeds. */
  readonly untimed: readonly (readonly RunCell[])[]
  measure(key: string, side: Side): Promise<VisitOutcome>
  readonly notes: readonly string[]
}

interface CellOptions extends RunOptions {
  /** The earlier version; undefined where only the Python differs. */
  readonly other?: Version | undefined
  /** Interpreter of the earlier version of a peer. */
  readonly pythonBefore?: string | undefined
  readonly signal?: AbortSignal | undefined
}

const ownRegistry = new URL('../../registry.js', import.meta.url).href

/** The same plug-in in the folder of the other version. */
function pluginThere(url: string, other: Version): PlannedPlugin {
  const here = fileURLToPath(url)
  const path = resolve(other.root, relative(process.cwd(), here))
  try {
    return { url: pathToFileURL(path).href, digest: digestOfModule(path) }
  } catch {
    throw usageError(
      `${other.name} has no ${relative(process.cwd(), here)} (looked for ${path})`,
      `run it in the folder of the project: cd ${dirname(here)}`,
    )
  }
}

function laterSide({ plugins, systems }: PlannedRun): CellSide {
  const build = thisBuild()
  const planned = plugins.map(({ url, digest }) => ({ url, digest }))
  return { party: { name: build.name, version: build.content }, registryUrl: ownRegistry, plugins: planned, systems }
}

function earlierSide(later: CellSide, { other, pythonBefore, peer = [] }: CellOptions): CellSide {
  const systems = pythonBefore === undefined ? later.systems : pythonSystems(pythonBefore, peer)
  if (!other) return { ...later, party: { name: pythonBefore ?? later.party.name, version: 'its packages' }, systems }
  const party = { name: other.name, version: other.content }
  if (other.isBuild) return { ...later, ...modulesOf(other), party, systems }
  if (later.plugins.length === 0)
    throw usageError(
      `${other.name} is no build of rank-bench, and no plug-in was named: both sides would be the same`,
      '--command <your benchmark>, or --plugin <module of your project>',
    )
  return { ...later, party, systems, plugins: later.plugins.map(({ url }) => pluginThere(url, other)) }
}

/** Cells that differ between the sides: those of peers where the Python differs, else those of this build. */
function comparedCells({ plan }: PlannedRun, { pythonBefore }: CellOptions): RunCell[] {
  const wanted = plan.cells.filter(({ cell, skip }) => !skip && isPeer(cell.system) === (pythonBefore !== undefined))
  if (wanted.length > 0) return wanted
  const skipped = plan.cells.find(({ skip }) => skip)?.skip
  throw usageError(
    `nothing to compare: the plan has no cell ${pythonBefore === undefined ? 'of this build' : 'of a peer'} that can be measured here`,
    skipped ? skipped.detail : 'rank-bench gate --help',
  )
}

const spaces = () => new Map([...operators, ...datasets, ...experiments].map(([name, { params }]) => [name, params]))

/** Folds and seeds of one question are one subject. */
const questionOf = ({ cell }: RunCell): string =>
  JSON.stringify([cell.experiment, cell.method.name, cell.method.params, cell.dataset, cell.precision, cell.system])

function grouped(cells: readonly RunCell[]): RunCell[][] {
  const groups = new Map<string, RunCell[]>()
  for (const cell of cells) groups.set(questionOf(cell), [...(groups.get(questionOf(cell)) ?? []), cell])
  return [...groups.values()]
}

/** The key of a cell whose system is another version. */
const keyBy = ({ version }: GateParty, cell: Cell): string => cellKey({ ...cell, system: `build:${version}` })

/** Measures one cell by one side, each time in a fresh process. */
function measurer(planned: PlannedRun, cells: ReadonlyMap<string, Cell>, options: CellOptions, signal: AbortSignal) {
  const { protocol, root, config } = planned
  const data = { root, seed: config.seed ?? 1 }
  const rest = { protocol, data, everyQuery: false, memoryBytes: (options.memory ?? defaultMemoryGiB()) * 2 ** 30 }
  const timeoutMs = (options.timeout ?? 600) * 1000
  return async (key: string, side: CellSide): Promise<VisitOutcome> => {
    const cell = cells.get(key)!
    const { registryUrl, plugins, systems, workerUrl } = side
    if (!isPeer(cell.system)) return visitInFork({ ...rest, cell, registryUrl, plugins }, timeoutMs, signal, workerUrl)
    const visitor = createVisitor({ ...rest, cells, plugins, timeoutMs, systems, signal })
    try {
      return await visitor.visit({ key, round: 0, timed: true })
    } finally {
      await visitor.close()
    }
  }
}

/** What a system's own versions say, where peers are compared. */
async function describeAll(systems: PythonSystems, cells: readonly RunCell[]): Promise<string> {
  const names = [...new Set(cells.map(({ cell }) => cell.system).filter(isPeer))]
  const all = await Promise.all(names.map((name) => systems.describe(name)))
  return all.map((each) => ('versions' in each ? each.versions : each.missing)).join('; ')
}

/**
 * Plans a config once and stands ready to measure its cells on both sides.
 * @throws RankBenchError(usage | data) as the config or the other version cannot be understood or read
 */
export async function cellContestants(config: RunConfig, options: CellOptions): Promise<CellContestants> {
  const { data, python, peer, events } = options
  const planned = await planConfig(config, { data, python, peer, events })
  const later = laterSide(planned)
  const sides: Record<Side, CellSide> = { after: later, before: earlierSide(later, options) }
  const cells = comparedCells(planned, options)
  const byKey = new Map(cells.map(({ key, cell }) => [key, cell]))
  const measure = measurer(planned, byKey, options, options.signal ?? new AbortController().signal)
  const known = spaces()
  const partyOf = async ({ party, systems }: CellSide, python: string | undefined): Promise<GateParty> =>
    options.pythonBefore === undefined
      ? party
      : { name: python ?? 'the usual Python', version: await describeAll(systems, cells) }
  const parties = {
    before: await partyOf(sides.before, options.pythonBefore),
    after: await partyOf(sides.after, options.python),
  }
  const subjects = cells
    .filter(({ timed }) => timed)
    .map(({ key, cell }): GateSubject => ({ key, earlierKey: keyBy(parties.before, cell), ...subjectOf(known, cell) }))
  return {
    parties,
    timed: subjects,
    untimed: grouped(cells.filter(({ timed }) => !timed)),
    measure: (key, side) => measure(key, sides[side]),
    notes:
      sides.before.party.version === later.party.version && options.pythonBefore === undefined
        ? ['both builds have the same content']
        : [],
  }
}
