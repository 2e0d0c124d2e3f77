// Makes the run that golden texts of reports are written from, of one that was measured:
//
//   npm run build && node bin/rank-bench.js run -c test/golden/config.json --out /some/folder --python <one with torchsort>
//   node test/golden/make-run.mjs /some/folder
//
// Times are replaced by made-up ones, machine and dates by those of nobody, and one cell each is made to have failed, to have run out
// of time, and to carry warnings: the texts are about what a report says, not about how fast a machine is.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { singleFeature } from '../../dist/experiments/baseline/rankers.js'
import { readJournal } from '../../dist/store/journal.js'
import { journalPath, readRunFile, writeRunFile } from '../../dist/store/run.js'
import { samplesToArrow } from '../../dist/store/samples.js'

const [folder] = process.argv.slice(2)
const target = 'test/golden/run'
const run = readRunFile(folder)
const cells = new Map(run.cells.map(({ key, cell }) => [key, cell]))

/** Rankers by one feature each, which generated data has none of: what the best feature did, under numbers of two. */
const singles = run.cells
  .filter(({ cell }) => cell.method.method === 'best-feature' && cell.dataset.params.features === 6)
  .flatMap(({ key, cell, ...planned }) =>
    [1, 2].map((index) => ({
      ...planned,
      key: `${key.slice(0, -2)}f${index}`,
      of: key,
      cell: { ...cell, method: { name: `ranker:${singleFeature}`, params: { index } } },
    })),
  )

/** A number from 0 to 1 that only the text decides. */
const share = (text) => createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32

/** Made-up nanoseconds: some for the call, some an item, twice as many by others, a little more or less a round and a sample. */
function nanoseconds({ method, dataset, implementation }, metric, round, index) {
  const call = 400 + 200 * share(method.name + metric)
  const items = 10 * Number(dataset.params.n) * Number(dataset.params.batch ?? 1)
  const theirs = implementation === 'rank-bench' ? 1 : 1.5 + 2 * share(implementation + method.name)
  const jitter =
    1 + 0.02 * (share(`${round} ${metric} ${method.name}`) - 0.5) + 0.01 * (share(`${round} ${index}`) - 0.5)
  return Math.round(10 * theirs * (call + items) * jitter) / 10
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

/** Made-up bytes of a footprint, and exponents of its growth: some for the plan, some an item. */
const footprintOf = ({ method, dataset }, { metric, unit }) =>
  unit === 'bytes'
    ? 64 + Math.round(32 * share(method.name + metric)) * Number(dataset.params.n)
    : 1 + share(method.name)

function timed(cell, round, observation) {
  if (cell.experiment.name === 'footprint') return { ...observation, value: footprintOf(cell, observation) }
  if (observation.unit !== 'ns') return observation
  const { samples = [0], metric, interval: _, ...rest } = observation
  const made = samples.map((__, index) => nanoseconds(cell, metric, round, index))
  return { metric, ...rest, value: middle(made), ...(observation.samples && { samples: made }) }
}

const planted = [
  { status: 'failed', error: { message: 'the process ended with signal SIGKILL', hint: 'give it more --memory' } },
  { status: 'timeout', limitMs: 600_000 },
]
const warnings = [
  { code: 'timer resolution', message: 'a batch lasts 12 ticks of the timer; expected 1000' },
  { code: 'drift', message: 'times fall by 8 % from the first samples to the last' },
]

/** The first cells of the timed experiment that nothing is compared with. */
const unlucky = run.cells.filter(({ cell }) => cell.experiment.name === 'latency').map(({ key }) => key)

function outcomeOf(visit) {
  const at = unlucky.indexOf(visit.key)
  if (at >= 0 && at < planted.length) return planted[at]
  if (visit.outcome.status !== 'measured') return visit.outcome
  const cell = cells.get(visit.key)
  const observations = visit.outcome.observations.map((each) => (cell ? timed(cell, visit.round, each) : each))
  return { ...visit.outcome, observations, warnings: at === planted.length ? warnings : [] }
}

const { visits } = readJournal(journalPath(folder))
const ofSingles = singles.flatMap(({ key, of }) =>
  visits.filter((visit) => visit.key === of).map((visit) => ({ ...visit, key })),
)
const made = [...visits, ...ofSingles]
  .toSorted((a, b) => a.key.localeCompare(b.key) || a.round - b.round)
  .map((visit) => ({ ...visit, startedAt: '2026-01-02T03:04:05.000Z', elapsedMs: 100, outcome: outcomeOf(visit) }))

mkdirSync(target, { recursive: true })
writeRunFile(target, {
  ...run,
  cells: [...run.cells, ...singles.map(({ of: _, ...planned }) => planned)],
  command: 'rank-bench run -c test/golden/config.json',
  createdAt: '2026-01-02T03:04:05.000Z',
  environment: {
    ...run.environment,
    stable: { ...run.environment.stable, cpu: 'Made-up CPU', cores: 2, node: '20.20.2' },
    v8: '11.3',
    osRelease: 'none',
    memoryGiB: 8,
    loadAverage: 0,
    ci: false,
  },
  peers: Object.fromEntries(Object.keys(run.peers).map((peer) => [peer, `${peer} 1.0, Python 3.11`])),
})
writeFileSync(`${target}/samples.arrow.gz`, gzipSync(samplesToArrow(made), { level: 9 }))
