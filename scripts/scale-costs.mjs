// What every config that ships costs, on paper: cells, visits and core-hours, from what the stored runs in results/ took.
//
//   npm run build && node scripts/scale-costs.mjs [--python <one with torchsort>] [--data <root>]
//
// Each visit is expected to take what visits to the same cell took, else to cells that differ in seed and fold, else (timed) what
// protocol and declared growth say, else what other cells took on the same data, in the same experiment. The last column says which:
// shares of the visits that were measured, measured alike, calculated, and taken from their likes. Cells of data that is not here
// are counted as they would be where it is. A timed visit has a machine of its own: its hours are those of the cores it uses.
import { readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'

const dist = (path) => import(new URL(`../dist/${path}`, import.meta.url).href)
const [
  { loadConfig, configNames, loadPaper, paperKeys },
  { planConfig },
  { visitsOfRun },
  { expectations },
  { operators },
  { needsOf },
  { defaultMemoryGiB },
] = await Promise.all(
  [
    'config/load.js',
    'run/run.js',
    'run/earlier.js',
    'run/estimate.js',
    'registry.js',
    'submit/needs.js',
    'measure/memory.js',
  ].map(dist),
)

const { values: flags } = parseArgs({ options: { python: { type: 'string' }, data: { type: 'string' } } })

function earlier() {
  return readdirSync('results').flatMap((name) => {
    try {
      return visitsOfRun(`results/${name}`)
    } catch {
      // A folder of something else, or of a run that did not write times down.
      return []
    }
  })
}
const known = earlier().filter(({ elapsedMs }) => elapsedMs > 0)

const threadsOf = ({ cell }) => Number(cell.experiment.params.threads ?? 1)
const share = (part, whole) => `${Math.round((100 * part) / Math.max(1, whole))} %`
const hours = (seconds) => (seconds / 3600).toPrecision(2).replace(/e.*/, '')
const round = (seconds) => (seconds < 36 ? `${(seconds / 3600).toFixed(4)}` : hours(seconds))

async function row(label, config) {
  const { plan, protocol } = await planConfig(config, { python: flags.python, data: flags.data })
  const expected = expectations(protocol, known, operators)
  const by = { sameCell: 0, alike: 0, protocol: 0, sameData: 0, sameExperiment: 0, guess: 0 }
  let [visits, core, wall] = [0, 0, 0]
  for (const planned of plan.cells) {
    const times = planned.timed ? protocol.rounds : 1
    const { known: how, ms } = expected(planned)
    by[how] += times
    visits += times
    core += (times * ms * (planned.timed ? threadsOf(planned) : 1)) / 1000
    wall += (times * ms) / 1000 / (planned.timed ? 1 : 2)
  }
  const { memoryGiB } = needsOf(
    1,
    plan.cells.map(({ skip: _, ...cell }) => cell),
    { jobs: 2, seconds: 0, mostGiB: defaultMemoryGiB(), operators },
  )
  const timed = plan.cells.filter((cell) => cell.timed).length
  const likes = by.sameData + by.sameExperiment
  const how = [by.sameCell, by.alike, by.protocol, likes, by.guess].map((part) => share(part, visits)).join(' / ')
  console.log(
    `| ${[label, plan.cells.length, timed, visits, round(core), round(wall), memoryGiB, how].map(String).join(' | ')} |`,
  )
}

console.log(
  '| config | cells | timed | visits | core-hours | hours, two cores | GiB a shard | same / alike / calculated / likes / guessed |',
)
console.log('| :--- | ---: | ---: | ---: | ---: | ---: | ---: | :--- |')
for (const name of configNames()) await row(`\`${name}\``, loadConfig(name))
const suites = paperKeys().flatMap((key) => loadPaper(key).config.suites)
await row('`reproduce` (all papers)', { name: 'reproduce', profile: 'standard', suites })
const grid = {
  name: 'grid',
  profile: 'thorough',
  suites: [
    {
      experiment: 'speed',
      methods: ['sort:*', 'rank:*', 'topk:*', 'loss:*'],
      datasets: ['sorting[batch=1|128,n=10|100|1000]'],
      precisions: ['f32', 'f64'],
    },
  ],
}
await row('every sort, rank, top-k and loss x 2 batches x 3 sizes x 2 precisions x peers, `thorough`', grid)
