/** rank-bench check: certificates and laws of methods, data sets and experiments. */

import { setImmediate } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { type Certificate, certify } from '../../check/certificate.ts'
import { concludeCheck } from '../../check/conclusion.ts'
import { certifyDataset } from '../../check/dataset-laws.ts'
import { certifyExperiment } from '../../check/experiment-laws.ts'
import type { Law } from '../../check/law.ts'
import { laws } from '../../check/laws/all.ts'
import { precision as inBoth } from '../../check/laws/conduct.ts'
import { peerLaws } from '../../check/peer-laws.ts'
import { visitedPoints } from '../../check/points.ts'
import {
  counterexampleTable,
  growthProblems,
  lawTable,
  type OperatorCertificates,
  type PartCertificate,
  partTable,
  pointTable,
  statementTable,
  summaryTable,
} from '../../check/tables.ts'
import { factsOf, foldsOf } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Bench, Experiment, Scope } from '../../core/experiment.ts'
import { type Engine, executed, type OperatorSpec } from '../../core/method.ts'
import { methodRef } from '../../core/method-ref.ts'
import { type ParamSpace, type Params, resolveParams } from '../../core/params.ts'
import { expandSelectors, parseSelector, type Ref, type Selector, splitSelectors } from '../../core/selector.ts'
import type { Precision } from '../../core/shape.ts'
import { didYouMean } from '../../core/suggest.ts'
import { nobodyElse } from '../../core/system.ts'
import { dataRoot } from '../../datasets/manage.ts'
import { measureGrowth } from '../../measure/growth.ts'
import { operatorParams } from '../../methods/registry.ts'
import { datasets, experiments, kindNamed, kindNames, loadPlugins, operators } from '../../registry.ts'
import { type Format, formats } from '../../report/formats/formats.ts'
import { type PythonSystems, pythonSystems } from '../../systems/python/adapters.ts'
import { type AskedOperator, certifiablePeer } from '../../systems/python/certifiable.ts'
import { precisionList, word, words } from '../arguments.ts'
import { commandLine } from '../command-line.ts'
import { engineOption, threadsOption } from '../engine-option.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { countUpTo, integer } from '../numbers.ts'
import { printTo, tell } from '../output.ts'
import { pluginOption } from '../plugin-option.ts'
import { startProgress } from '../progress.ts'
import { concluded } from '../screen.ts'

const rowsOfOurs = 1000
/** A peer is asked in another process, a row at a time. */
const rowsOfPeers = 24

/** A day and more; nobody who types more means it. */
const mostRows = 1_000_000

interface CheckFlags {
  rows?: number
  seed: number
  precision: Precision[]
  engine?: Engine
  threads: number
  plugin?: string[]
  peer?: string[]
  python?: string
  data?: string
  growth?: boolean
  format: Format
  output?: string
  progress: boolean
}

interface Asked {
  /** Names, each with the points of its parameters that were given; without any, those that it declares. */
  readonly operators: ReadonlyMap<string, readonly Params[] | undefined>
  readonly datasets: readonly string[]
  readonly experiments: readonly string[]
}

/** What was named; without names what the plug-ins brought, or all operators. */
async function asked(selectors: readonly string[], plugins: readonly string[]): Promise<Asked> {
  const brought = (await loadPlugins(plugins)).flatMap(({ names }) => names)
  const texts = selectors.length > 0 ? selectors.flatMap(splitSelectors) : brought.length > 0 ? brought : ['*:*']
  const named = (known: ReadonlyMap<string, unknown>) => texts.filter((word) => known.has(word))
  const [data, questions] = [named(datasets), named(experiments)]
  const rest = texts.filter((word) => !data.includes(word) && !questions.includes(word))
  const operators = pointsOf(rest.map(parseSelector))
  // A check of nothing must not look like one that holds.
  if (operators.size + data.length + questions.length === 0)
    throw usageError(`${texts.join(' ')} leaves nothing to check`, 'rank-bench list methods')
  return { operators, datasets: data, experiments: questions }
}

/** A name without parameters asks for the declared points of its operators; one with parameters for those that it spans. */
function pointsOf(selectors: readonly Selector[]): Map<string, readonly Params[] | undefined> {
  const expand = (some: readonly Selector[]) => (some.length > 0 ? expandSelectors(some, operatorParams, 'method') : [])
  const plain = selectors.filter(({ exclude, grid }) => !exclude && Object.keys(grid).length === 0)
  const declared = new Set(expand(plain).map(({ name }) => name))
  const points = new Map<string, readonly Params[] | undefined>()
  for (const { name, params } of expand(selectors)) {
    points.set(name, declared.has(name) ? undefined : [...(points.get(name) ?? []), params])
  }
  return points
}

function certifyOperator(name: string, points: readonly Params[] | undefined, flags: CheckFlags): OperatorCertificates {
  const spec = operators.get(name)!
  const options = { seed: flags.seed, rows: flags.rows ?? rowsOfOurs }
  const execution = { engine: flags.engine, threads: flags.threads }
  return {
    name,
    spec,
    certificates: flags.precision.map((precision) =>
      certify({ name, spec, precision, points, operators, execution }, options),
    ),
    ...(flags.growth && {
      growth: measureGrowth(executed(spec, execution), points?.[0] ?? resolveParams(spec.params, {}, name)),
    }),
  }
}

const defaults = (name: string, { params }: { readonly params: ParamSpace }): Ref => ({
  name,
  params: resolveParams(params, {}, name),
})

/** All built-in operators on the data that is always there, with a clock that stands still. */
function trialOf(experiment: Experiment, seed: number, root: string | undefined): { scope: Scope; bench: Bench } {
  const scope: Scope = {
    experiment: defaults(experiment.name, experiment),
    methods: [...operators].map(([name, spec]) => methodRef(defaults(name, spec))),
    datasets: kindNames.map((kind) => kindNamed(kind).datasets[0]).map((dataset) => defaults(dataset.name, dataset)),
    seeds: [seed],
    precisions: ['f64'],
    folds: (ref) => foldsOf(datasets.get(ref.name)!, ref.params).slice(0, 1),
    kindOf: (ref) => datasets.get(ref.name)!.kind,
    facts: (ref) => factsOf(datasets.get(ref.name)!),
    systems: nobodyElse,
  }
  const bench: Bench = {
    data: { root, seed },
    everyQuery: false,
    operator: (ref) => operators.get(ref.name)!,
    dataset: (ref) => datasets.get(ref.name)!,
    warn: () => {},
    elapsed(work) {
      work()
      return 1
    },
    growth: () => ({ forward: 1, backward: 1, memory: 1 }),
    bytes(make) {
      make().dispose()
      return { held: 0, forward: 0, backward: 0 }
    },
    time(metric, call) {
      call()
      return { metric, unit: 'ns', better: 'lower', value: 1, samples: [1] }
    },
  }
  return { scope, bench }
}

async function certifyParts(what: Asked, flags: CheckFlags): Promise<PartCertificate[]> {
  const root = dataRoot({ flag: flags.data, env: process.env })
  const context = { root, seed: flags.seed }
  const parts: PartCertificate[] = []
  for (const name of what.datasets) {
    const dataset = datasets.get(name)!
    const { params } = defaults(name, dataset)
    const verdicts = await certifyDataset(kindNamed(dataset.kind), dataset, params, context)
    parts.push({ name, kind: 'data set', verdicts })
  }
  for (const name of what.experiments) {
    const experiment = experiments.get(name)!
    parts.push({
      name,
      kind: 'experiment',
      verdicts: await certifyExperiment(experiment, trialOf(experiment, flags.seed, root)),
    })
  }
  return parts
}

function tablesOf(
  certified: readonly OperatorCertificates[],
  parts: readonly PartCertificate[],
  format: Format,
  held: readonly Law[],
) {
  const full =
    format === 'terminal'
      ? []
      : [pointTable(certified), lawTable(certified, 'f64'), lawTable(certified, 'f32'), statementTable(held)]
  const falls = counterexampleTable(certified)
  return [
    ...(certified.length > 0 ? [summaryTable(certified), ...full.filter(({ rows }) => rows.length > 0)] : []),
    ...(falls ? [falls] : []),
    ...(parts.length > 0 ? [partTable(parts)] : []),
  ]
}

/** Operators of ours that were selected, all without a selector, at the points that laws visit. */
function askedOfPeers(selectors: readonly string[], brought: ReadonlyMap<string, OperatorSpec>): AskedOperator[] {
  const every = [...operators, ...brought]
  const catalogue = new Map(every.map(([name, { params }]) => [name, params]))
  // Parameters of ours name operators of ours.
  const all = every.map(([name, spec]) => ({ name, spec, points: visitedPoints(spec.params, operatorParams) }))
  if (selectors.length === 0) return all
  const chosen = expandSelectors(selectors.flatMap(splitSelectors).map(parseSelector), catalogue, 'method')
  const exact = selectors.some((text) => text.includes('['))
  return all.flatMap((each) => {
    const points = chosen.filter(({ name }) => name === each.name).map(({ params }) => params)
    return points.length === 0 ? [] : [exact ? { ...each, points } : each]
  })
}

/** Rows that break a law, with whose they are. */
const named = (peer: string, certificate: Certificate): Certificate => ({
  ...certificate,
  verdicts: certificate.verdicts.map((verdict) =>
    verdict.status === 'broken' ? { ...verdict, counterexample: `${peer}: ${verdict.counterexample}` } : verdict,
  ),
})

/** A row that says why a peer has no certificate, or its certificates. */
async function certifyPeer(
  systems: PythonSystems,
  peer: string,
  selectors: readonly string[],
  flags: CheckFlags,
): Promise<readonly OperatorCertificates[]> {
  const brought = systems.brings(peer)
  const found = await certifiablePeer(systems, peer, askedOfPeers(selectors, brought), flags.precision)
  if (found.status === 'missing') {
    tell(`– ${peer}: ${found.lacks}`)
    return []
  }
  tell(`${peer}: ${found.versions}`)
  const every = new Map([...operators, ...brought])
  const options = { seed: flags.seed, rows: flags.rows ?? rowsOfPeers, smallest: true }
  const held = peerLaws(operators)
  const progress = startProgress(found.operators.length, flags.progress)
  const certificates = found.operators.map((each) => {
    const isInBoth = found.operators.some(({ name, precision }) => name === each.name && precision !== each.precision)
    const laws = isInBoth ? held : held.filter((law) => law !== inBoth)
    const certificate = named(peer, certify({ ...each, operators: every, laws }, options))
    progress.advance(`${peer} ${each.name}`)
    return { ...each, certificate }
  })
  progress.stop()
  await found.close()
  const names = [...new Set(certificates.map(({ name }) => name))]
  return names.map((name) => {
    const own = certificates.filter((each) => each.name === name)
    return { name: `${peer} ${name}`, spec: own[0].spec, certificates: own.map(({ certificate }) => certificate) }
  })
}

/** Names of peers that ship, and files of a user's own, as systems have them. */
async function certifyPeers(selectors: readonly string[], flags: CheckFlags): Promise<OperatorCertificates[]> {
  const named = flags.peer ?? []
  const isFile = (peer: string) => peer.endsWith('.py')
  const systems = pythonSystems(flags.python, named.filter(isFile))
  const own = systems.names.filter((name) => !systems.shipped.includes(name))
  const peers = [...named.filter((peer) => !isFile(peer)), ...own]
  const stranger = peers.find((peer) => !systems.names.includes(peer))
  if (stranger !== undefined)
    throw usageError(
      `no peer is called "${stranger}"; expected ${systems.names.join(', ')}, or a file such as ./mine.py`,
      didYouMean(stranger, systems.names, 'rank-bench peers list'),
    )
  const certified: OperatorCertificates[] = []
  for (const peer of peers) for (const each of await certifyPeer(systems, peer, selectors, flags)) certified.push(each)
  if (certified.length === 0) throw usageError(`${named.join(', ')}: nothing to check here`, 'rank-bench peers list')
  return certified
}

async function check(selectors: readonly string[], flags: CheckFlags): Promise<number> {
  if (flags.peer) return conclude(await certifyPeers(selectors, flags), [], flags)
  const what = await asked(selectors, flags.plugin ?? [])
  const progress = startProgress(what.operators.size, flags.progress)
  const certified: OperatorCertificates[] = []
  for (const [name, points] of what.operators) {
    certified.push(certifyOperator(name, points, flags))
    progress.advance(name)
    // Between operators the collector gets its turn at the plans that are done with.
    await setImmediate()
  }
  progress.stop()
  return conclude(certified, await certifyParts(what, flags), flags)
}

function conclude(
  certified: readonly OperatorCertificates[],
  parts: readonly PartCertificate[],
  flags: CheckFlags,
): number {
  const lines = concludeCheck(certified, parts, commandLine(), flags.format !== 'terminal')
  const tables = tablesOf(certified, parts, flags.format, flags.peer ? peerLaws(operators) : laws)
  printTo(flags.output, concluded(flags.format, tables, lines, flags.output !== undefined))
  const verdicts = [
    ...certified.flatMap((each) => each.certificates.flatMap((one) => one.verdicts)),
    ...parts.flatMap((part) => part.verdicts),
  ]
  const tally = (status: string) => verdicts.filter((verdict) => verdict.status === status).length
  const broken = tally('broken') + certified.flatMap(growthProblems).length
  const code = broken > 0 ? exitCode.bad : tally('inconclusive') > 0 ? exitCode.inconclusive : exitCode.good
  tell(
    `check: ${certified.length} operators, ${parts.length} data sets and experiments; ${tally('holds')} laws hold, ${broken} broken, ${tally('inconclusive')} inconclusive — exit ${code}`,
  )
  return code
}

export function addCheck(program: Command, finish: Finish): void {
  program
    .command('check')
    .description('certificates and laws of methods, data sets and experiments; exit 1 on a broken law')
    .argument(
      '[selectors...]',
      "operators, data sets, experiments, e.g. 'rank:*'; default: all operators, or all of a plug-in",
      words,
    )
    .option('--rows <n>', 'random rows a law and method (default: 1000, of a peer 24)', countUpTo(mostRows))
    .option('--seed <n>', 'seed of the rows', integer, 1)
    .addOption(
      new Option('--precision <list>', 'f64, f32 or both').argParser(precisionList).default(['f64', 'f32'], 'f64,f32'),
    )
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(pluginOption())
    .option(
      '--peer <name|adapter>',
      'hold a Python peer to the laws instead: one of peers list, or ./mine.py; repeatable',
      words,
    )
    .option('--python <interpreter>', 'Python of the peers, or one a group (default: see rank-bench peers list)', word)
    .option('--growth', 'also measure how time and memory grow with n, against what is declared')
    .option('--data <folder>', 'data root, for data sets', word)
    .addOption(new Option('--format <name>', 'what to write').choices(Object.keys(formats)).default('terminal'))
    .option('-o, --output <file>', 'write there instead of standard output', word)
    .option('--no-progress', 'plain lines instead of a bar')
    .addHelpText(
      'after',
      examples(
        "rank-bench check 'rank:permutahedron'",
        "rank-bench check 'loss:permutation-cross-entropy[matrix=softsort[straight-through=true]]'",
        'rank-bench check --plugin ./mine.mjs',
        'rank-bench check --peer torchsort',
        "rank-bench check --peer ./mine.py 'rank:*'",
      ),
    )
    .action(async (selectors: string[], flags: CheckFlags) => finish(await check(selectors, flags)))
}
