// Writes dist/operators.json: which kernels carry out which operator, at which parameters, and what their tasks look like. It is
// what the engine reads in TypeScript (src/methods/kit/kernel-variants.ts), for hosts in other languages; docs/engine.md says how
// to read it, and test/operators-json.test.ts is such a host.
import { readFileSync, writeFileSync } from 'node:fs'
import { factsOf } from '../dist/core/operators.js'
import { kernelTasks, slots, tasks } from '../dist/engine/kernel-table.js'
import { moduleBytes } from '../dist/engine/kernels.js'
import { kernelTableMeanings } from '../dist/methods/kit/kernel-tables.js'
import { operators } from '../dist/methods/registry.js'

/** What stands above each slot in the kernels' own words. */
const meanings = new Map(
  [...readFileSync('src/engine/library/task.as.ts', 'utf8').matchAll(/\/\*\* (.*?) \*\/\n {2}(\w+): \w+\n/g)].map(
    ([, meaning, name]) => [name, meaning],
  ),
)

/** An operator that computes most of another one: the one that a parameter selects, or the sort that a quantile is read from. */
function partOf(name, { params, fast }) {
  const [operator, method] = name.split(':')
  const selecting = Object.entries(params).find(([, { selects }]) => selects)
  if (selecting) return { of: `${selecting[1].selects}:{${selecting[0]}}`, title: 'a loss of its output' }
  if (fast && operator === 'quantile')
    return { of: `sort:${method}`, title: 'ascending; the value at place q (n - 1) from 0, linear between neighbours' }
  return undefined
}

const all = [...operators]
const described = all.filter(([, { kernels }]) => kernels)
const others = all.filter(([, { kernels }]) => !kernels)
const composed = others.flatMap(([name, spec]) => (partOf(name, spec) ? [[name, partOf(name, spec)]] : []))
const alone = others.filter(([name, spec]) => !partOf(name, spec))
const wrong = alone.find(([, { fast }]) => fast)
if (wrong) throw new Error(`${wrong[0]} runs on the engine, and nothing here says how`)

const content = {
  version: 2,
  module: {
    file: 'engine/kernels.wasm',
    import: 'env.memory',
    reservedBytes: moduleBytes,
    mostPages: 65536,
    shared: true,
  },
  slots: Object.fromEntries(Object.entries(slots).map(([name, slot]) => [name, { ...slot, is: meanings.get(name) }])),
  tasks,
  kernels: kernelTasks,
  tables: kernelTableMeanings,
  operators: Object.fromEntries(
    described.map(([name, { params, kernels }]) => {
      const { output, labels } = factsOf(name.split(':')[0])
      return [name, { output, labels, params, kernels }]
    }),
  ),
  /** Without a kernel of their own: what they are made of. */
  composed: Object.fromEntries(composed),
  /** Without any: plain TypeScript carries them out. */
  reference: alone.map(([name]) => name),
}
writeFileSync('dist/operators.json', `${JSON.stringify(content, null, 2)}\n`)
console.log(
  `dist/operators.json: ${described.length} of ${operators.size} operators, ${composed.length} made of others, ${alone.length} without kernels`,
)
