/** Stability map and fidelity curves through the real binary: tables, pictures, and what a picture must not hold. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { rankBench, temporaryFolder } from './harness.ts'

const folder = temporaryFolder()
const run = join(folder, 'run')
const pictures = join(folder, 'pictures')
let printed = ''

beforeAll(() => {
  const chosen = ['-m', 'rank:sigmoid', '-m', 'loss:listnet', '-d', 'sorting']
  const experiments = ['-e', 'stability[storage=f64|f16,n=12]', '-e', 'fidelity[n=12]']
  const measured = rankBench(['run', ...experiments, ...chosen, '--out', run, '--no-progress'])
  expect(measured.err).not.toContain('bug')
  printed = rankBench(['report', run, '--format', 'markdown', '--figures', pictures]).out
}, 60_000)

describe('the report of a stability run', () => {
  test('gives safe ranges of softness, and of scores where there is no softness', () => {
    expect(printed).toContain('Safe softness')
    expect(printed).toMatch(/\| rank:sigmoid \| 12 \| 0\.\d+ … [\d.]+ \|/)
    expect(printed).toContain('Safe scale of the values')
    expect(printed).toMatch(/\| loss:listnet \| 12 \|/)
  })
  test('compares methods at the same distance from the hard answer', () => {
    expect(printed).toContain('At comparable softness')
    expect(printed).toMatch(/\| rank:sigmoid \| 0\.\d+ \| [\d.]+ \|/)
  })
  test('draws an overview, a map an operator and curves, all of them numbers', () => {
    const files = readdirSync(pictures)
    expect(files.sort()).toEqual([
      'fidelity-distance-rank.svg',
      'fidelity-signal-rank.svg',
      'loss-listnet.svg',
      'rank-sigmoid.svg',
      'stability.svg',
    ])
    for (const file of files) {
      const svg = readFileSync(join(pictures, file), 'utf8')
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/)
      expect(svg).not.toMatch(/NaN|undefined|Infinity/)
      expect(svg.match(/<(rect|path|circle)/g)!.length).toBeGreaterThan(20)
    }
  })
  test('tells the states of a map apart: hard ranks have no gradient, very soft ones no order', () => {
    const svg = readFileSync(join(pictures, 'rank-sigmoid.svg'), 'utf8')
    for (const colour of ['#009e73', '#56b4e9', '#e69f00']) expect(svg.split(colour).length).toBeGreaterThan(3)
  })
})
