// Writes dist/operators.json: which kernels carry out which operator, at which parameters, and what their tasks look like. It is
// what the engine reads in TypeScript (src/methods/kit/kernel-variants.ts), for hosts in other languages; docs/engine.md says how
// to read it, and test/operators-json.test.ts is such a host.
import { readFileSync, writeFileSync } from 'node:fs'
import { factsOf } from '../dist/core/operators.js'
import { kernelTasks, layoutVersion, slots, tasks } from '../dist/engine/kernel-table.js'
import { moduleBytes } from '../dist/engine/kernels.js'
import { kernelTables } from '../dist/methods/kit/kernel-tables.js'
import { permutedRows } from '../dist/methods/losses/permutation-rows.js'
import { operators } from '../dist/methods/registry.js'

/** What stands above each slot in the kernels' own words. */
const meanings = new Map(
  [...readFileSync('src/engine/library/task.as.ts', 'utf8').matchAll(/\/\*\* (.*?) \*\/\n {2}(\w+): \w+\n/g)].map(
    ([, meaning, name]) => [name, meaning],
  ),
)

/** The kernel of a cross entropy where the relaxed permutation is `of`, whose parameters it reads. */
const permutationLoss = (name, of, when, rows) => ({
  of,
  when,
  forward: 'permutationLoss',
  backward: 'scaleGradients',
  set: { rows, tau: { param: 'tau' }, sign: -1, loss: name.includes('topk') ? 'topk' : 'permutation' },
})

/** An operator that computes most of another one: the one that a parameter selects, or the sort that a quantile is read from. */
function partOf(name, { params, fast }) {
  const [operator, method] = name.split(':')
  const selecting = Object.entries(params).find(([, { selects }]) => selects)
  if (selecting) {
    const kernels = name.endsWith('-cross-entropy') && {
      kernels: permutedRows.map(({ of, when, rows }) => permutationLoss(name, of, when, rows)),
    }
    return { of: `${selecting[1].selects}:{${selecting[0]}}`, title: 'a loss of its output', ...kernels }
  }
  if (fast && operator === 'quantile')
    return { of: `sort:${method}`, title: 'ascending; the value at place q (n - 1) from 0, linear between neighbours' }
  return undefined
}

const all = [...operators]
const described = all.filter(([, { kernels }]) => kernels)
const others = all.filter(([, { kernels }]) => !kernels)
const composed = others.flatMap(([name, spec]) => (partOf(name, spec) ? [[name, partOf(name, spec)]] : []))
/** What a caller has to know of an operator, however it is computed. */
const factsFor = (name, { params, weighted }) => {
  const { output, by, labels } = factsOf(name.split(':')[0])
  return { output, by, labels, weighted: weighted ?? false, params }
}
const alone = others.filter(([name, spec]) => !partOf(name, spec))
const wrong = alone.find(([, { fast }]) => fast)
if (wrong) throw new Error(`${wrong[0]} runs on the engine, and nothing here says how`)

const content = {
  version: 3,
  module: {
    /** Alike but for the memory that they import. */
    shared: 'engine/kernels.wasm',
    unshared: 'engine/kernels-unshared.wasm',
    import: 'env.memory',
    reservedBytes: moduleBytes,
    mostPages: 65536,
    /** Exports: what a module of this description answers, and where free memory starts. */
    layoutVersion,
    firstFree: 'firstFree',
  },
  slots: Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, { ...slot, is: meanings.get(name) }])),
  tasks,
  kernels: kernelTasks,
  tables: kernelTables,
  operators: Object.fromEntries(
    described.map(([name, spec]) => [name, { ...factsFor(name, spec), kernels: spec.kernels }]),
  ),
  /** Without a kernel of their own: what they are made of. */
  composed: Object.fromEntries(
    composed.map(([name, part]) => [name, { ...factsFor(name, operators.get(name)), ...part }]),
  ),
  /** Without any: plain TypeScript carries them out. */
  reference: alone.map(([name]) => name),
}
writeFileSync('dist/operators.json', `${JSON.stringify(content, null, 2)}\n`)
console.log(
  `dist/operators.json: ${described.length} of ${operators.size} operators, ${composed.length} made of others, ${alone.length} without kernels`,
)
