#!/usr/bin/env node
// Gates on this machine whose answer is known: a build against a copy of itself, or against a copy whose kernels are slowed by a known
// share. Each is a line of a file, with all its samples, so that other rules can be tried on the same; a later call goes on.
//
//   node scripts/gate-proof/run.mjs <kind> <out.jsonl> --gates <n> --minutes <n>
//   kind: same, or by how many per cent every kernel is slowed, e.g. 5

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
const after =
  kind === 'same'
    ? copyOf(from, join(values.builds, 'same'))
    : slowedCopy(from, join(values.builds, `slow-${kind}`), Number(kind))
const { runGate } = await import(pathToFileURL(join(after, 'dist', 'run', 'gate', 'gate.js')).href)
const { usualPolicy } = await import(pathToFileURL(join(after, 'dist', 'judge', 'gate', 'policy.js')).href)
const { outcomeOf } = await import(pathToFileURL(join(after, 'dist', 'judge', 'gate', 'outcome.js')).href)

const configOf = (method) => ({
  name: 'proof',
  profile: 'quick',
  seed: 1,
  plugins: [fileURLToPath(new URL('./one-pass.mjs', import.meta.url))],
  suites: [{ experiment: 'one-pass', methods: [method], datasets: ['sorting[n=100]'], precisions: ['f32'] }],
})

const made = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n').filter(Boolean).length : 0
const end = Date.now() + Number(values.minutes) * 60_000
const background = loads(Number(values.load))
try {
  for (let gate = made; gate < Number(values.gates) && Date.now() < end; gate++) {
    const method = subjects[gate % subjects.length]
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
      `${JSON.stringify({ kind, method, at: createdAt, machine, load: Number(values.load), busy: loadavg()[0], outcome, rounds, minutes, rows, visits })}\n`,
    )
    process.stderr.write(`${gate + 1}: ${method} ${outcome}, ${rounds} rounds, ${minutes.toFixed(2)} minutes\n`)
  }
} finally {
  for (const each of background) each.kill()
}
