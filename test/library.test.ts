/** The package as a program that imports it meets it: light, and by require too. */

import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { temporaryFolder } from './harness.ts'

const library = pathToFileURL(resolve('dist/index.js')).href
const node = (...args: string[]) => spawnSync(process.execPath, args, { encoding: 'utf8' })

/** Prints the address of every module of a package that is resolved. */
const hook = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  if (found.url.includes('node_modules')) process._rawDebug(found.url)
  return found
}`

test('operators load no package: those of reports and the command line come with the calls that need them', () => {
  const folder = temporaryFolder()
  const register = join(folder, 'register.mjs')
  writeFileSync(
    register,
    `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}))`,
  )
  const use = `import { softRank } from '${library}'; console.log(softRank([5, 1, 2]))`
  const { stdout, stderr } = node('--import', pathToFileURL(register).href, '--input-type=module', '-e', use)
  expect(stderr).toBe('')
  expect(stdout).toBe('[ 3, 1, 2 ]\n')
})

test('CommonJS gets it by require, on every Node that engines allows', () => {
  const use = `console.log(require(${JSON.stringify(resolve('dist/index.js'))}).softRank([5, 1, 2]))`
  expect(node('--no-warnings', '-e', use)).toMatchObject({ stdout: '[ 3, 1, 2 ]\n', stderr: '' })
})
