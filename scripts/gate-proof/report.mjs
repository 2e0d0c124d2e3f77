#!/usr/bin/env node
// What gates whose answer is known came to, and what other rules would have said of the same samples: Markdown on standard output.
//
//   node scripts/gate-proof/report.mjs <file.jsonl[.gz]>...

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { gunzipSync } from 'node:zlib'
import jstat from 'jstat'

/** Exact interval of a rate (Clopper and Pearson), 95 %. */
function rate(hits, of) {
  const low = hits === 0 ? 0 : jstat.beta.inv(0.025, hits, of - hits + 1)
  const high = hits === of ? 1 : jstat.beta.inv(0.975, hits + 1, of - hits)
  const percent = (share) => (100 * share).toFixed(1)
  return `${hits} of ${of} (${percent(hits / of)} % [${percent(low)}, ${percent(high)}])`
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length
const deviation = (values) => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1))
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Samples of each side of one number over the rounds that decided it, visit by visit. */
function sidesOf({ visits }, { metric, pairs }) {
  const of = (side) =>
    visits
      .filter(([which]) => which === side)
      .slice(0, pairs)
      .map(([, samples]) => samples[metric])
  return { before: of('before'), after: of('after') }
}

/** One-sided p of Welch's t test that the later mean is not larger, over all samples of all processes as if they were independent. */
function pooledT(before, after) {
  const [a, b] = [deviation(after) ** 2 / after.length, deviation(before) ** 2 / before.length]
  const freedom = (a + b) ** 2 / (a ** 2 / (after.length - 1) + b ** 2 / (before.length - 1))
  return 1 - jstat.studentt.cdf((mean(after) - mean(before)) / Math.sqrt(a + b), freedom)
}

/** Each says whether the later side is called slower. */
const rules = {
  'github-action-benchmark, one run each, its usual 200 %': ({ before, after }) => mean(after[0]) / mean(before[0]) > 2,
  'github-action-benchmark, one run each, at 103 %': ({ before, after }) => mean(after[0]) / mean(before[0]) > 1.03,
  't test on pooled samples, p < .01': ({ before, after }) => pooledT(before.flat(), after.flat()) < 0.01,
  "vitest's means over all rounds, at 3 %": ({ before, after }) => mean(after.flat()) / mean(before.flat()) > 1.03,
  "hyperfine's ratio - sigma above 1": ({ before, after }) => {
    const [b, a] = [before.flat(), after.flat()]
    const ratio = mean(a) / mean(b)
    return ratio - ratio * Math.hypot(deviation(a) / mean(a), deviation(b) / mean(b)) > 1
  },
}

const read = (path) => {
  const bytes = readFileSync(path)
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

const line = (cells) => `| ${cells.join(' | ')} |`

/** Beyond it others have more than half of two cores: what then comes to a gate is what a busy runner gives. */
const busyFrom = 3

const all = process.argv.slice(2).flatMap((path) => {
  const name = basename(path).replace(/\.jsonl(\.gz)?$/, '')
  const gates = read(path)
  const parts = [
    { name: `${name}, load below ${busyFrom}`, gates: gates.filter(({ busy }) => busy < busyFrom) },
    { name: `${name}, load ${busyFrom} and more`, gates: gates.filter(({ busy }) => busy >= busyFrom) },
  ]
  return parts.filter((part) => part.gates.length > 0)
})

const head = [
  'gates',
  'slowed by',
  'measured',
  'load average',
  'regressed',
  'passed',
  'inconclusive',
  'rounds',
  'minutes',
]
console.log(line(head))
console.log(line(['---', '---:', '---:', '---:', '---', '---', '---', '---:', '---:']))
for (const { name, gates } of all) {
  const count = (outcome) => rate(gates.filter((gate) => gate.outcome === outcome).length, gates.length)
  const slowed = gates[0].kind === 'same' ? 'nothing' : `${gates[0].kind} %`
  console.log(
    line([
      name,
      slowed,
      `${(100 * median(gates.flatMap(({ rows }) => rows.map(({ change }) => change.value)))).toFixed(1)} %`,
      median(gates.map(({ busy }) => busy)).toFixed(1),
      count('regressed'),
      count('passed'),
      count('inconclusive'),
      median(gates.map(({ rounds }) => rounds)),
      median(gates.map(({ minutes }) => minutes)).toFixed(2),
    ]),
  )
}
console.log('\nOf a gate that calls any of its numbers slower, by rule:\n')
console.log(line(['rule', ...all.map(({ name }) => name)]))
console.log(line(['---', ...all.map(() => '---')]))
for (const [name, slower] of Object.entries(rules)) {
  const cells = all.map(({ gates }) =>
    rate(
      gates.filter((gate) => gate.rows.some((row) => row.pairs > 0 && slower(sidesOf(gate, row)))).length,
      gates.length,
    ),
  )
  console.log(line([name, ...cells]))
}
const own = all.map(({ gates }) => rate(gates.filter(({ outcome }) => outcome === 'regressed').length, gates.length))
console.log(line(['rank-bench gate', ...own]))
const deviations = all.map(
  ({ name, gates }) =>
    `${name} ${(100 * median(gates.flatMap(({ rows }) => rows.map(({ differences }) => 1.4826 * median(differences.map((each) => Math.abs(each - median(differences)))))))).toFixed(1)} %`,
)
console.log(`\nNoise of a pair, median over numbers: ${deviations.join(', ')}.`)
