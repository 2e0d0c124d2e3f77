/**
 * What `submit` writes, held to the published schemas by validators that others maintain: kubernetes-validate (schemas of
 * Kubernetes) and check-jsonschema (schema of GitHub workflows, from SchemaStore). `pip install kubernetes-validate
 * check-jsonschema` brings both; they are looked for in RANK_BENCH_VALIDATORS and on the PATH.
 */

import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const folderOfValidators = process.env.RANK_BENCH_VALIDATORS
const env = { ...process.env, PATH: `${folderOfValidators ?? ''}:${process.env.PATH}` }
const validate = (...words: string[]) => spawnSync(words[0], words.slice(1), { encoding: 'utf8', env })
const lacking = (program: string): string | undefined =>
  validate(program, '--version').error && `${program} is not here (pip install ${program})`

const folder = temporaryFolder()
const write = (...words: string[]): string => {
  const file = join(folder, `${words.slice(0, 3).join('-')}.yml`)
  const { code, err } = rankBench(['submit', ...words, '-o', file], { cwd: folder })
  expect(err).not.toMatch(/error/)
  expect(code).toBe(0)
  return file
}
/** The same with one word of it misspelt. */
const misspelt = (file: string, right: string, wrong: string): string => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(right)
  writeFileSync(`${file}.wrong.yml`, text.replace(right, wrong))
  return `${file}.wrong.yml`
}

const noKubernetes = lacking('kubernetes-validate')
if (noKubernetes) console.log(`skipped: manifests against the schemas of Kubernetes: ${noKubernetes}`)
const noWorkflows = lacking('check-jsonschema')
if (noWorkflows) console.log(`skipped: workflows against the schema of SchemaStore: ${noWorkflows}`)

describe.skipIf(noKubernetes)('the manifest for Kubernetes', () => {
  // backoffLimitPerIndex came with 1.29.
  test.each([
    ['1.29', '-c', 'quick'],
    ['1.34', '-e', 'letor', '-m', 'loss:listnet', '-d', 'synthetic-letor'],
  ])('is valid, strictly, for Kubernetes %s', (version, ...selection) => {
    const file = write('kubernetes', ...selection, '--shards', '3', '--claim', 'shared')
    const check = (each: string) => validate('kubernetes-validate', '--strict', '-k', version, each)
    expect(check(file).stdout + check(file).stderr).toMatch(/passed for resource job/)
    expect(check(file).status).toBe(0)
    expect(check(misspelt(file, 'completionMode', 'completionsMode')).status).not.toBe(0)
  })
})

describe.skipIf(noWorkflows)('the workflow for GitHub Actions', () => {
  test('is valid', () => {
    const file = write('github', '-c', 'quick', '--shards', '3')
    const check = (each: string) => validate('check-jsonschema', '--builtin-schema', 'vendor.github-workflows', each)
    expect(check(file).stdout).toMatch(/ok/)
    expect(check(file).status).toBe(0)
    expect(check(misspelt(file, 'runs-on', 'runs_on')).status).not.toBe(0)
  })
})
