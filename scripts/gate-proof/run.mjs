#!/usr/bin/env node
// Gates on this machine whose answer is known: a build against a copy of itself, or against a copy that is slower by a known
// share. Each is a line of a file, with all its samples, so that other rules can be tried on the same; a later call goes on.
//
//   node scripts/gate-proof/run.mjs <kind> <out.jsonl> --gates <n> --minutes <n>
//   kind: same, or by how many per cent its operator is slowed, e.g. 5

import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { copyOf, slowedCopy } from './plant.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    gates: { type: 'string', default: '10' },
    minutes: { type: 'string', default: '8' },
    load: { type: 'string', default: '0' },
    builds: { type: 'string', default: join(tmpdir(), 'rank-bench-gate-proof') },
    from: { type: 'string', default: '.' },
  },
})
const [kind, out] = positionals

/** Short calls where nothing is slowed, longer ones where something is: a few counted steps hide behind a call of a microsecond. */
const data = kind === 'same' ? 'sorting[n=100]' : 'sorting[batch=16,n=100]'

/** Four subjects in turn: a projection, a sum over pairs, a matrix, a loss; one number each. */
const subjects = ['rank:permutahedron', 'rank:sigmoid', 'sort:softsort', 'loss:listnet']

/** Processes that compute as long as this one lives. */
function loads(count) {
  const spin =
    'const parent = process.ppid; for (;;) { for (let i = 0; i < 1e8; i++); if (process.ppid !== parent) process.exit() }'
  return Array.from({ length: count }, () => spawn(process.execPath, ['-e', spin], { stdio: 'ignore' }))
}

const from = resolve(values.from)
const base = copyOf(from, join(values.builds, 'base'))
const afterOf = (method) =>
  kind === 'same' ? copyOf(from, join(values.builds, 'same')) : slowedCopy(from, values.builds, method, Number(kind))

/** The gate of the build that is judged, as its own command would carry it out. */
async function gateOf(after) {
  const part = (...path) => import(pathToFileURL(join(after, 'dist', ...path)).href)
  const [gate, policy, outcome] = await Promise.all([
    part('run', 'gate', 'gate.js'),
    part('judge', 'gate', 'policy.js'),
    part('judge', 'gate', 'outcome.js'),
  ])
  return { ...gate, ...policy, ...outcome }
}

const configOf = (method) => ({
  name: 'proof',
  profile: 'quick',
  seed: 1,
  plugins: [fileURLToPath(new URL('./one-pass.mjs', import.meta.url))],
  suites: [{ experiment: 'one-pass', methods: [method], datasets: [data], precisions: ['f32'] }],
})

const made = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').filter(Boolean).length : 0
const end = Date.now() + Number(values.minutes) * 60_000
const background = loads(Number(values.load))
try {
  for (let gate = made; gate < Number(values.gates) && Date.now() < end; gate++) {
    const method = subjects[gate % subjects.length]
    const { runGate, usualPolicy, outcomeOf } = await gateOf(afterOf(method))
    const visits = []
    const { result, interrupted } = await runGate(configOf(method), {
      against: base,
      policy: usualPolicy,
      onVisit: (_key, side, outcome) => {
        if (outcome.status !== 'measured') return
        const samples = outcome.observations.map((each) => [
          each.metric,
          each.samples.map((ns) => Math.round(ns * 100) / 100),
        ])
        visits.push([side, Object.fromEntries(samples)])
      },
    })
    if (interrupted) break
    const { rows, failures, rounds, minutes, createdAt, machine } = result
    const outcome = outcomeOf(rows, failures)
    appendFileSync(
      out,
      `${JSON.stringify({ kind, method, data, at: createdAt, machine, load: Number(values.load), busy: loadavg()[0], outcome, rounds, minutes, rows, visits })}\n`,
    )
    process.stderr.write(`${gate + 1}: ${method} ${outcome}, ${rounds} rounds, ${minutes.toFixed(2)} minutes\n`)
  }
} finally {
  for (const each of background) each.kill()
}
