// Kills runs at random moments in every way there is, resumes them, and counts what was lost:
//
//   npm run build && node scripts/kill-matrix.mjs [--kills 210] [--seed 1] [--out results/robustness/kills.json]
//
// A kill is one of: SIGKILL, SIGTERM or SIGHUP to the run; a disk that fills up; a second start while the first one measures; a
// container that is killed whole and started again (a new space of process numbers, the folder kept). After each the same
// command is given again until the run is whole. Counted: finished visits that were lost or measured twice, untimed cells that are
// not bit for bit those of an undisturbed run, processes that outlived their run, stack traces, runs that did not end.
// Exit 1 when any of these is not 0. The last two kinds need Linux, `unshare` and the right to use it; left out elsewhere, said so.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } },
})
const binary = resolve('bin/rank-bench.js')
const kills = Number(flags.kills ?? 210)
const hangMs = 120_000

/** Mulberry32: the same moments on every machine, as far as machines are alike. */
function uniformStream(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const uniform = uniformStream(Number(flags.seed ?? 1))

const config = {
  name: 'killed',
  profile: 'quick',
  suites: [
    {
      experiment: 'letor[scorer=linear,trials=1,steps=25]',
      methods: ['loss:listnet', 'loss:ranknet'],
      datasets: ['synthetic-letor[queries=20,features=5]'],
      folds: ['fold1', 'fold2'],
    },
    { experiment: 'latency', methods: ['rank:sigmoid'], datasets: ['sorting[n=8]'], precisions: ['f64'] },
  ],
}
const scratch = mkdtempSync(join(tmpdir(), 'rank-bench-kills-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
writeFileSync(join(scratch, 'config.json'), JSON.stringify(config))
const command = ['run', '-c', join(scratch, 'config.json'), '--no-progress']

const visitsOf = (out) => {
  const path = join(out, 'journal.jsonl')
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n')
  // The last line has no end: it is being written, or was cut.
  return lines.slice(0, -1).flatMap((line) => {
    try {
      return [JSON.parse(line)]
    } catch {
      return []
    }
  })
}
const idOf = ({ key, round }) => `${key}/${round}`
const isMeasured = ({ outcome }) => outcome.status === 'measured'

/** What must be the same however often a run was killed: observations of untimed cells. */
function untimed(out) {
  const { cells } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  const keys = new Set(cells.filter((cell) => !cell.timed).map((cell) => cell.key))
  const found = visitsOf(out).filter((visit) => keys.has(visit.key) && isMeasured(visit))
  return new Map(found.map((visit) => [visit.key, JSON.stringify(visit.outcome.observations)]))
}

function start(out, wrap = []) {
  const [program, ...args] = [...wrap, process.execPath, binary, ...command, '--out', out]
  const child = spawn(program, args, { cwd: scratch, env: { ...process.env, CI: 'true' }, detached: true })
  const run = { child, err: '', ended: undefined, code: undefined }
  child.stdout.resume()
  child.stderr.on('data', (chunk) => {
    run.err += chunk
  })
  run.ended = new Promise((done) => {
    child.once('exit', (code) => {
      run.code = code
      done()
    })
  })
  return run
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms))
const within = (promise, ms) => Promise.race([promise.then(() => true), pause(ms).then(() => false)])

/** Processes whose command line names the folder of this matrix, i.e. that belong to one of its runs. */
function alive(out) {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return ids.filter((id) => {
    try {
      const isZombie = /\) Z /.test(readFileSync(`/proc/${id}/stat`, 'utf8'))
      return !isZombie && readFileSync(`/proc/${id}/environ`, 'utf8').includes(`RANK_BENCH_KILLED=${out}\0`)
    } catch {
      return false
    }
  })
}

async function orphansOf(out) {
  if (!existsSync('/proc')) return 0
  for (let waited = 0; waited < 3000 && alive(out).length > 0; waited += 100) await pause(100)
  return alive(out).length
}

const marked = (out, ...wrap) => ['env', `RANK_BENCH_KILLED=${out}`, ...wrap]
const unshared = (...more) => ['unshare', '--map-root-user', ...more]
const can = (...words) => spawnSync(words[0], [...words.slice(1), 'true']).status === 0

/** A moment of an undisturbed run. */
let lengthMs = 1000
const moment = () => uniform() * lengthMs

const signal = (name) => async (out) => {
  const run = start(out, marked(out))
  await within(run.ended, moment())
  run.child.kill(name)
  const ended = await within(run.ended, hangMs)
  return { runs: [run], ended }
}

/** Both started at about the same time: one measures, the other one is told so, or finds everything done. */
async function twoStarts(out) {
  const first = start(out, marked(out))
  await within(first.ended, moment() / 2)
  const second = start(out, marked(out))
  const ended = (await within(second.ended, hangMs)) && (await within(first.ended, hangMs))
  const refused = /already measuring into/.test(second.err) || /already measuring into/.test(first.err)
  return { runs: [first, second], ended, fine: refused || (first.code === 0 && second.code === 0) }
}

/** The folder on a disk of its own, with room for some visits only: it fills up; then there is room again. */
async function fullDisk(out) {
  const kilobytes = 24 + Math.floor(uniform() * 60)
  const script = `mount -t tmpfs -o size=${kilobytes}k none ${out} && "$@"; code=$?; mkdir -p ${out}.kept && cp -a ${out}/. ${out}.kept/; exit $code`
  mkdirSync(out)
  const run = start(out, marked(out, ...unshared('--mount', 'sh', '-c', script, 'sh')))
  const ended = await within(run.ended, hangMs)
  rmSync(out, { recursive: true })
  if (existsSync(`${out}.kept`)) spawnSync('mv', [`${out}.kept`, out])
  return { runs: [run], ended, fine: run.code === 0 || run.code === 2 }
}

async function container(out) {
  const run = start(out, marked(out, ...unshared('--pid', '--fork', '--mount-proc', '--kill-child')))
  await within(run.ended, moment())
  run.child.kill('SIGKILL')
  return { runs: [run], ended: await within(run.ended, hangMs) }
}

const kinds = [
  { name: 'SIGKILL', kill: signal('SIGKILL'), share: 5 },
  { name: 'SIGTERM', kill: signal('SIGTERM'), share: 4 },
  { name: 'SIGHUP', kill: signal('SIGHUP'), share: 4 },
  { name: 'two starts', kill: twoStarts, share: 4 },
  { name: 'full disk', kill: fullDisk, share: 3, needs: () => can(...unshared('--mount')) },
  { name: 'container', kill: container, share: 1, wrap: true, needs: () => can(...unshared('--pid', '--fork')) },
]

const trace = /^\s+at .*(:\d+:\d+)|bug in rank-bench/m

/** One kill, and the same command again until the run is whole. */
async function attempt(kind, index, base) {
  const out = join(scratch, `run-${index}`)
  const { runs, ended, fine = true } = await kind.kill(out)
  const orphans = await orphansOf(out)
  const kept = visitsOf(out).filter(isMeasured).map(idOf)
  const again = start(out, kind.wrap ? marked(out, ...unshared('--pid', '--fork', '--mount-proc')) : marked(out))
  const resumed = await within(again.ended, hangMs)
  const visits = visitsOf(out).filter(isMeasured).map(idOf)
  const results = existsSync(join(out, 'run.json')) ? untimed(out) : new Map()
  rmSync(out, { recursive: true, force: true })
  return {
    kind: kind.name,
    finished: kept.length,
    lost: kept.filter((id) => !visits.includes(id)).length,
    twice: visits.length - new Set(visits).size,
    missing: base.visits - new Set(visits).size,
    changed: [...base.untimed].filter(([key, text]) => results.get(key) !== text).length,
    orphans,
    traces: [...runs, again].filter(({ err }) => trace.test(err)).length,
    hangs: [ended, resumed].filter((each) => !each).length,
    unexpected: Number(!fine) + Number(again.code !== 0),
    ...(again.code === 0 && fine
      ? {}
      : { said: [...runs, again].map(({ err, code }) => `${code}: ${err.slice(-300)}`) }),
  }
}

const began = Date.now()
const whole = start(join(scratch, 'whole'))
await whole.ended
if (whole.code !== 0) throw new Error(`the undisturbed run failed: ${whole.err}`)
lengthMs = Date.now() - began
const base = { visits: visitsOf(join(scratch, 'whole')).length, untimed: untimed(join(scratch, 'whole')) }

const usable = kinds.filter((kind) => {
  const possible = kind.needs?.() ?? true
  if (!possible) console.error(`left out: ${kind.name} (unshare is not there or not allowed)`)
  return possible
})
const shares = usable.flatMap((kind) => Array.from({ length: kind.share }, () => kind))
const attempts = []
for (let index = 0; index < kills; index++) {
  attempts.push(await attempt(shares[index % shares.length], index, base))
  if ((index + 1) % 10 === 0) console.error(`${index + 1}/${kills}`)
}

const counted = ['lost', 'twice', 'missing', 'changed', 'orphans', 'traces', 'hangs', 'unexpected']
const sum = (rows, field) => rows.reduce((total, row) => total + row[field], 0)
const rowsOf = (name) => attempts.filter(({ kind }) => kind === name)
const table = [...usable.map(({ name }) => [name, rowsOf(name)]), ['all', attempts]].map(([kind, rows]) => ({
  kind,
  kills: rows.length,
  'finished before': sum(rows, 'finished'),
  ...Object.fromEntries(counted.map((field) => [field, sum(rows, field)])),
}))
console.table(table)
if (flags.out) {
  mkdirSync(dirname(flags.out), { recursive: true })
  const said = attempts.filter((each) => each.said)
  const facts = {
    node: process.version,
    seed: Number(flags.seed ?? 1),
    visits: base.visits,
    untimedCells: base.untimed.size,
  }
  writeFileSync(
    flags.out,
    `${JSON.stringify({ command: `node scripts/kill-matrix.mjs --kills ${kills}`, ...facts, table, said }, null, 1)}\n`,
  )
}
process.exitCode = counted.some((field) => sum(attempts, field) > 0) ? 1 : 0
