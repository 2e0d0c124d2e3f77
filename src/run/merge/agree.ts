/** Whether runs are of one plan, version and data; and what the run file of all of them together says. */

import { usageError } from '../../core/errors.ts'
import { type Environment, machineId } from '../../measure/environment.ts'
import type { RunFile } from '../../store/run.ts'
import type { Source } from './source.ts'

/** What one of the runs says for all. */
type Header = Omit<RunFile<Environment>, 'cells' | 'shard' | 'machines' | 'peers' | 'dataDigests'>

/** Equal values, equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join()}}`
}

/** Where a config lies, and what it says of itself, is of no account. */
function essential(config: unknown): string {
  const { plugins: _, description: __, $schema: ___, ...rest } = (config ?? {}) as Readonly<Record<string, unknown>>
  return canonical(rest)
}

const quoted = "'(?:[^']|'\\\\'')*'"

/** The command without what belongs to one part of it. */
const withoutPlace = (command: string): string =>
  command.replaceAll(new RegExp(` --(?:(?:shard|out|save)(?: |=)(?:${quoted}|\\S+)|fresh|no-progress)`, 'g'), '')

const headerOf = ({ run }: Source): Header => {
  const { format, name, command, createdAt, seed, protocol, config, environment } = run
  return { format, name, command: withoutPlace(command), createdAt, seed, protocol, config, environment }
}

interface Compared {
  readonly what: string
  readonly of: (source: Source) => string
  readonly hint: string
}

const compared: readonly Compared[] = [
  {
    what: 'version of rank-bench',
    of: ({ run }) => run.environment.stable.rankBench,
    hint: 'numbers of two versions are compared (rank-bench compare), not merged',
  },
  { what: 'seed', of: ({ run }) => String(run.seed), hint: 'measure all parts with one --seed' },
  { what: 'protocol', of: ({ run }) => canonical(run.protocol), hint: 'measure all parts with one --profile' },
  { what: 'config', of: ({ run }) => essential(run.config), hint: 'parts of one run come from one command' },
]

const brief = (text: string): string => (text.length > 120 ? `${text.slice(0, 117)}...` : text)

/** First label whose digests differ, in words. */
function differentDigest(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) {
  const labels = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
  const label = labels.find((each) => one[each] !== other[each])
  return label === undefined ? undefined : `${label} is ${one[label] ?? 'absent'} and ${other[label] ?? 'absent'}`
}

function requirePlan(first: Source, other: Source): void {
  if (first.plan === other.plan) return
  const data = differentDigest(first.run.dataDigests, other.run.dataDigests)
  const own = new Map(first.run.cells.map(({ key, cell }) => [key, cell]))
  const stranger = other.run.cells.find(({ key }) => !own.has(key))?.cell
  const example = stranger
    ? `, e.g. ${stranger.experiment.name} ${stranger.method.name} on ${stranger.dataset.name} by ${stranger.system}`
    : ''
  throw usageError(
    `${first.directory} and ${other.directory} are of two plans: ${data ? `their data differ (${data})` : `cells of one are not in the other${example}`}`,
    'parts of one plan come from one command, on machines with the same data, peers and plug-ins',
  )
}

/** @throws RankBenchError(usage) where two sources were measured with different versions of one peer */
function peersOf(sources: readonly Source[]): Record<string, string> {
  const peers = new Map<string, string>()
  for (const { directory, run } of sources) {
    for (const [name, versions] of Object.entries(run.peers)) {
      const known = peers.get(name) ?? versions
      if (known !== versions)
        throw usageError(
          `${directory} has ${name} as ${versions}, another part has ${known}`,
          'install the same versions everywhere (rank-bench peers install), and measure that part again',
        )
      peers.set(name, versions)
    }
  }
  return sorted(peers)
}

const sorted = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * @throws RankBenchError(usage) naming the two runs and what differs: version, seed, protocol, config, data, cells
 */
export function requireOneRun(sources: readonly Source[]): void {
  const [first, ...others] = sources
  for (const other of others) {
    for (const { what, of, hint } of compared) {
      const [one, two] = [of(first), of(other)]
      if (one !== two)
        throw usageError(`${what}: ${first.directory} has ${brief(one)}, ${other.directory} has ${brief(two)}`, hint)
    }
    requirePlan(first, other)
  }
}

/** The lesser of two texts stays: a choice that no order of merging changes. */
function machinesOf(sources: readonly Source[]): Record<string, Environment> {
  const machines = new Map<string, Environment>()
  for (const { run } of sources) {
    const own = run.machines ?? { [machineId(run.environment)]: run.environment }
    for (const [id, environment] of Object.entries(own)) {
      const known = machines.get(id)
      if (!known || canonical(environment) < canonical(known)) machines.set(id, environment)
    }
  }
  return sorted(machines)
}

/** The run file of all: what was said first stays, and everything that took part is in it. @throws as `peersOf` */
export function runFileOfAll(sources: readonly Source[], cells: RunFile['cells']): RunFile<Environment> {
  const order = (header: Header) => `${header.createdAt} ${canonical(header)}`
  const [{ environment, ...first }] = sources.map(headerOf).sort((a, b) => (order(a) < order(b) ? -1 : 1))
  return {
    ...first,
    cells,
    dataDigests: sorted(sources.flatMap(({ run }) => Object.entries(run.dataDigests))),
    environment,
    peers: peersOf(sources),
    machines: machinesOf(sources),
  }
}
