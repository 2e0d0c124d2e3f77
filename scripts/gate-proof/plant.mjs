#!/usr/bin/env node
// A copy of this build, as it is or with every kernel slowed by a known share.
//
//   node scripts/gate-proof/plant.mjs <folder> [per cent]

import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A copy of the build: its modules and what they read. */
export function copyOf(from, folder) {
  if (existsSync(folder)) return folder
  mkdirSync(folder, { recursive: true })
  for (const part of ['dist', 'bin', 'configs', 'package.json'])
    cpSync(join(from, part), join(folder, part), { recursive: true })
  symlinkSync(join(from, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** A copy in which one call in so many runs its kernel once more: slower by that share, and by nothing else. */
export function slowedCopy(from, folder, percent) {
  copyOf(from, folder)
  const path = join(folder, 'dist', 'engine', 'kernel-plan.js')
  const text = readFileSync(path, 'utf8')
  if (text.includes('planted')) return folder
  const planted = `
const plantedSlowdown = (planned) => {
  let owed = 0
  const again = (call) => () => {
    call()
    owed += ${percent}
    if (owed >= 100) {
      owed -= 100
      call()
    }
  }
  return { ...Object.create(Object.getPrototypeOf(planned), Object.getOwnPropertyDescriptors(planned)), forward: again(() => planned.forward()), backward: again(() => planned.backward()) }
}
`
  writeFileSync(path, plantInto(text, planted))
  return folder
}

function plantInto(text, planted) {
  const found = /export function planKernels\(([^)]*)\) \{/.exec(text)
  if (!found) throw new Error('dist/engine/kernel-plan.js has no planKernels to slow down')
  const inner = text.replace(found[0], `function planUnslowed(${found[1]}) {`)
  return `${inner}\n${planted}\nexport function planKernels(...given) { return plantedSlowdown(planUnslowed(...given)) }\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, percent] = process.argv.slice(2)
  const from = resolve(fileURLToPath(new URL('../../', import.meta.url)))
  if (percent === undefined) copyOf(from, folder)
  else slowedCopy(from, folder, Number(percent))
}
