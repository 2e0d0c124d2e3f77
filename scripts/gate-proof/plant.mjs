#!/usr/bin/env node
// A copy of this build, as it is or with an operator slowed by a known share of its time.
//
//   node scripts/gate-proof/plant.mjs <folder> [operator] [per cent]

import { execFileSync } from 'node:child_process'
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

/**
 * A copy in which every pass of a kernel counts a while afterwards: work that no data and no earlier call makes cheaper. (Calling the
 * kernel again is cheaper than calling it: its branches have just been seen.)
 */
export function countingCopy(from, folder, iterations) {
  if (existsSync(folder)) return folder
  copyOf(from, folder)
  const path = join(folder, 'dist', 'engine', 'kernel-plan.js')
  const text = readFileSync(path, 'utf8')
  const found = /\nfunction passOf\(([^)]*)\) \{/.exec(text)
  if (!found) throw new Error('dist/engine/kernel-plan.js has no passOf to slow down')
  const planted = `
let plantedCount = 1
const plantedPass = (pass) => () => {
  pass()
  let count = plantedCount
  for (let i = 0; i < ${iterations}; i++) count = (Math.imul(count, 1103515245) + 12345) | 0
  plantedCount = count
}
function passOf(...given) { return plantedPass(passUnslowed(...given)) }
`
  writeFileSync(path, `${text.replace(found[0], `\nfunction passUnslowed(${found[1]}) {`)}\n${planted}`)
  return folder
}

const sideBySide = fileURLToPath(new URL('./side-by-side.mjs', import.meta.url))
const calibration = 4000

/** How often to count for one per cent of the operator's time: measured once for each folder of builds. */
function iterationsAPercent(from, builds, operator) {
  const path = join(builds, 'calibration.json')
  const known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
  if (known[operator] === undefined) {
    const folders = [copyOf(from, join(builds, 'base')), countingCopy(from, join(builds, 'counting'), calibration)]
    const { nsACall, ratios } = JSON.parse(
      execFileSync(process.execPath, [sideBySide, operator, ...folders], { encoding: 'utf8' }),
    )
    known[operator] = { nsACall, iterationsAPercent: calibration / (100 * (ratios[1] - 1)) }
    writeFileSync(path, `${JSON.stringify(known, undefined, 2)}\n`)
  }
  return known[operator].iterationsAPercent
}

/** A copy in which the operator is slower by that many per cent. */
export function slowedCopy(from, builds, operator, percent) {
  const iterations = Math.round(percent * iterationsAPercent(from, builds, operator))
  return countingCopy(from, join(builds, `slow-${percent}-${operator.replace(':', '-')}`), iterations)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, operator, percent] = process.argv.slice(2)
  const from = resolve(fileURLToPath(new URL('../../', import.meta.url)))
  if (operator === undefined) console.log(copyOf(from, folder))
  else console.log(slowedCopy(from, folder, operator, Number(percent)))
}
