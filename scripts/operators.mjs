// Writes dist/operators.json: which kernels carry out which operator, at which parameters, and what their tasks look like. It is
// what the engine reads in TypeScript (src/methods/kit/kernel-variants.ts), for hosts in other languages.
import { writeFileSync } from 'node:fs'
import { kernelTasks, slots, tasks } from '../dist/engine/kernel-table.js'
import { operators } from '../dist/methods/registry.js'

const described = [...operators].flatMap(([name, { params, kernels }]) =>
  kernels ? [[name, { params, kernels }]] : [],
)
const content = { version: 1, slots, tasks, kernels: kernelTasks, operators: Object.fromEntries(described) }
writeFileSync('dist/operators.json', `${JSON.stringify(content, null, 2)}\n`)
console.log(`dist/operators.json: ${described.length} of ${operators.size} operators`)
