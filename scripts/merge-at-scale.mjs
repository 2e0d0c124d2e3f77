// What merging takes at sizes that no test waits for: shards of synthetic cells are written, merged in a process of its own, merged
// again in another order, and the two compared byte for byte.
//
//   npm run build && node scripts/merge-at-scale.mjs [--cells 100000,200000,500000,1000000] [--shards 8] [--folder /some/disk]
//
// One row a size: bytes of the journals, seconds and peak memory of a merge, microseconds and kilobytes a cell; of reading the merged
// run as a report does; of the disk. One cell in ten is timed, three rounds each, and has a peer's beside it; the shards are of two
// machines. Exit 1 where two orders give different bytes, or where a merge takes more than 4 GiB.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, createReadStream, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const dist = (path) => new URL(`../dist/${path}`, import.meta.url).href
const limitBytes = 4 * 2 ** 30
const rounds = 3

const machines = ['one', 'two'].map((host) => ({
  stable: {
    cpu: 'synthetic',
    cores: 2,
    platform: 'linux',
    arch: 'x64',
    node: process.versions.node,
    rankBench: '0.0.0',
  },
  host,
  v8: process.versions.v8,
  osRelease: '',
  memoryGiB: 8,
  loadAverage: 0,
  ci: true,
}))

/** Cells in the order of a plan: seeds of an untimed experiment; every tenth is a pair that is timed. */
async function planOf(count) {
  const { cellKey } = await import(dist('core/cell.js'))
  const base = {
    version: 1,
    method: {
      name: 'loss:listnet',
      operator: 'loss',
      method: 'listnet',
      params: { ignore: 'none', reduction: 'mean' },
    },
    dataset: { name: 'synthetic-letor', params: { queries: 200, features: 20, grades: 3, noise: 0.5, seed: 1 } },
    dataDigest: 'generated/1/synthetic-letor[queries=200,features=20]',
    precision: 'f64',
  }
  const untimed = { name: 'letor', params: { scorer: 'linear', trials: 16, steps: 600 } }
  const timed = { name: 'speed', params: { beside: 'torch', threads: 1 } }
  return Array.from({ length: count }, (_, i) => {
    const isTimed = i % 10 > 7
    const cell = {
      ...base,
      experiment: isTimed ? timed : untimed,
      system: i % 10 === 9 ? 'torch' : 'rank-bench',
      split: isTimed ? '' : `fold${(i % 5) + 1}`,
      seed: isTimed ? Math.floor(i / 10) : i,
      protocol: isTimed ? 'rounds=3' : '',
    }
    return { key: cellKey(cell), cell, timed: isTimed }
  })
}

const untimedMetrics = [
  'ndcg@5:letor4',
  'ndcg@10:letor3',
  'ndcg@10:letor3-padded',
  'map:letor4',
  'chosen.rate',
  'best-step',
]
const timings = ['time.forward', 'time.backward', 'time.forward+backward']

function visitsTo({ key, timed }, at, machine) {
  const startedAt = new Date(Date.UTC(2026, 0, 1) + 7 * at).toISOString()
  const number = (i) => ((at * 2654435761 + i * 40503) % 1e9) / 1e9
  const observations = (round) =>
    timed
      ? timings.map((metric, i) => {
          const samples = Array.from({ length: 9 }, (_, j) => 1e4 * (1 + number(i + 10 * j + round)))
          return { metric, unit: 'ns', better: 'lower', value: samples[4], samples }
        })
      : untimedMetrics.map((metric, i) => ({ metric, unit: '1', better: 'higher', value: number(i) }))
  return Array.from({ length: timed ? rounds : 1 }, (_, round) => ({
    key,
    round,
    startedAt,
    elapsedMs: 100 + (at % 50),
    outcome: { status: 'measured', observations: observations(round), warnings: [], computedBy: 'fast' },
    machine,
  }))
}

async function writeShards(folder, count, shards) {
  const [
    { writePlanFile, planDigest },
    { writeRunFile, writeAtomically, journalPath },
    { formatLine },
    { machineId },
    { profiles },
  ] = await Promise.all(
    ['store/plan-file.js', 'store/run.js', 'store/journal-line.js', 'measure/environment.js', 'core/protocol.js'].map(
      (path) => import(dist(path)),
    ),
  )
  const plan = await planOf(count)
  const digest = planDigest(plan.map(({ key }) => key))
  const places = new Map(plan.map(({ key }, at) => [key, at]))
  // Pairs stay together.
  const parts = Array.from({ length: shards }, () => [])
  plan.forEach((cell, i) => {
    parts[Math.floor(i / 10) % shards].push(cell)
  })
  for (const [i, cells] of parts.entries()) {
    const environment = machines[i % machines.length]
    const id = machineId(environment)
    const directory = join(folder, `shard-${i + 1}-of-${shards}`)
    writeRunFile(directory, {
      format: 1,
      name: 'synthetic',
      command: `rank-bench run -c synthetic --shard ${i + 1}/${shards}`,
      createdAt: new Date(Date.UTC(2026, 0, 1) + i).toISOString(),
      seed: 1,
      protocol: { ...profiles.quick, rounds },
      config: { name: 'synthetic', suites: [] },
      cells,
      dataDigests: {},
      environment,
      peers: {},
      shard: { index: i + 1, count: shards, plan: digest, cells: count, dealt: 'declared' },
      machines: { [id]: environment },
    })
    // The same whole plan lies beside every shard.
    if (i === 0) writePlanFile(directory, plan)
    else copyFileSync(join(folder, `shard-1-of-${shards}`, 'plan.jsonl.gz'), join(directory, 'plan.jsonl.gz'))
    const lines = function* () {
      for (const cell of cells)
        for (const visit of visitsTo(cell, places.get(cell.key), id)) yield `${formatLine(visit)}\n`
    }
    writeAtomically(journalPath(directory), lines())
  }
}

/** In the process that is measured. */
async function carryOut([what, out, ...folders]) {
  const before = process.hrtime.bigint()
  let cells = 0
  if (what === 'merge') {
    const { mergeRuns } = await import(dist('run/merge/merge.js'))
    const merged = await mergeRuns(folders, { out })
    cells = merged.measured
  } else if (what === 'load') {
    const { loadRun } = await import(dist('run/load.js'))
    cells = (await loadRun(out)).entries.length
  }
  const seconds = Number(process.hrtime.bigint() - before) / 1e9
  console.log(JSON.stringify({ seconds, cells, peakBytes: process.resourceUsage().maxRSS * 1024 }))
}

const self = fileURLToPath(import.meta.url)
const measured = (...words) =>
  JSON.parse(
    execFileSync(process.execPath, ['--max-old-space-size=3500', self, 'child', ...words], {
      encoding: 'utf8',
      maxBuffer: 2 ** 24,
    }),
  )

async function digestOf(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

const digests = async (folder) =>
  [await digestOf(join(folder, 'run.json')), await digestOf(join(folder, 'journal.jsonl'))].join()

const fixed = (value, digits = 1) => value.toFixed(digits)
const row = (...texts) => console.log(`| ${texts.join(' | ')} |`)

async function size(scratch, count, shards) {
  const folder = join(scratch, String(count))
  mkdirSync(folder)
  await writeShards(folder, count, shards)
  const names = Array.from({ length: shards }, (_, i) => join(folder, `shard-${i + 1}-of-${shards}`))
  const [one, other] = [join(folder, 'one'), join(folder, 'other')]
  const merge = measured('merge', one, ...names)
  const first = await digests(one)
  measured('merge', other, ...names.reverse(), names[0])
  const same = (await digests(other)) === first
  const load = measured('load', one)
  const bytes = statSync(join(one, 'journal.jsonl')).size
  rmSync(folder, { recursive: true })
  row(
    count.toLocaleString('en-US'),
    fixed(bytes / 2 ** 20, 0),
    fixed(merge.seconds),
    fixed((1e6 * merge.seconds) / count),
    fixed(merge.peakBytes / 2 ** 30, 2),
    fixed(load.seconds),
    fixed(load.peakBytes / 2 ** 30, 2),
    same ? 'equal' : 'DIFFERENT',
  )
  return same && merge.peakBytes <= limitBytes && merge.cells === count
}

async function main() {
  const { values } = parseArgs({
    options: { cells: { type: 'string' }, shards: { type: 'string' }, folder: { type: 'string' } },
  })
  const counts = (values.cells ?? '100000,200000,500000,1000000').split(',').map(Number)
  const scratch = mkdtempSync(join(values.folder ?? tmpdir(), 'rank-bench-merge-'))
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
  console.log(
    `${cpus()[0].model.trim()}, Node ${process.versions.node}, ${values.shards ?? 8} shards, heap of at most 3,500 MiB\n`,
  )
  row(
    'cells',
    'journal, MiB',
    'merge, s',
    'µs a cell',
    'peak, GiB',
    'read for a report, s',
    'peak, GiB',
    'in another order',
  )
  row('---:', '---:', '---:', '---:', '---:', '---:', '---:', ':---')
  let good = true
  for (const count of counts) good = (await size(scratch, count, Number(values.shards ?? 8))) && good
  process.exitCode = good ? 0 : 1
}

if (process.argv[2] === 'child') await carryOut(process.argv.slice(3))
else await main()
