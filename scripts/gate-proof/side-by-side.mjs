#!/usr/bin/env node
// Nanoseconds of one call, forward and backward over 16 lists of 100, of an operator in each of some builds: medians of short
// stretches in one process, the builds taking turns, so that a slow second of the machine falls on all of them.
//
//   node scripts/gate-proof/side-by-side.mjs <operator> <folder of a build>...

import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [operator, ...folders] = process.argv.slice(2)
const values = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(1000 * (i + 1)))

async function callOf(folder) {
  const { plan, regularShape } = await import(pathToFileURL(join(resolve(folder), 'dist', 'index.js')).href)
  const planned = plan(operator, regularShape(16, 100), { precision: 'f32' })
  planned.labels?.set(values.map((value) => Number(value > 0)))
  planned.cotangent.fill(1)
  return () => {
    planned.values.set(values)
    planned.forward()
    planned.backward()
  }
}

function stretchOf(call, calls) {
  const start = process.hrtime.bigint()
  for (let i = 0; i < calls; i++) call()
  return Number(process.hrtime.bigint() - start) / calls
}

const calls = await Promise.all(folders.map(callOf))
// The first stretches are those of the compiler; afterwards a stretch takes about two milliseconds.
const length = Math.max(1, Math.round(2e6 / calls.map((call) => stretchOf(call, 500)).at(-1)))
const rounds = Array.from({ length: 301 }, () => calls.map((call) => stretchOf(call, length)))
const middle = (of) => rounds.map(of).sort((a, b) => a - b)[rounds.length >> 1]
console.log(
  JSON.stringify({
    nsACall: middle((round) => round[0]),
    ratios: calls.map((_, i) => middle((round) => round[i] / round[0])),
  }),
)
