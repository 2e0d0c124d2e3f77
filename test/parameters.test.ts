/** docs/parameters.md and src/api/safe-ranges.ts are what scripts/parameters.mjs writes from the committed stability run. */

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { stabilityMaps } from '../src/experiments/stability/map.ts'
import { type Mapped, mapped } from '../src/experiments/stability/mapped.ts'
import { parametersPage } from '../src/experiments/stability/parameters-page.ts'
import { safeRangesModule } from '../src/experiments/stability/safe-ranges-module.ts'
import { methods } from '../src/methods/registry.ts'
import { loadRun } from '../src/run/load.ts'

const remedy = 'npm run build && node scripts/parameters.mjs results/stability'

describe('parameters', () => {
  let maps: Mapped
  beforeAll(async () => {
    maps = mapped(stabilityMaps(await loadRun('results/stability')))
  })

  test('the page is fresh', () => {
    expect(parametersPage(maps, methods), remedy).toBe(readFileSync('docs/parameters.md', 'utf8'))
  })

  test('the safe ranges are fresh', () => {
    expect(safeRangesModule(maps), remedy).toBe(readFileSync('src/api/safe-ranges.ts', 'utf8'))
  })

  test('every operator is on the page, and every one with a softness was mapped', () => {
    const page = parametersPage(maps, methods)
    for (const { name, operators } of methods) {
      for (const operator of Object.keys(operators)) expect(page).toContain(`\`${operator}:${name}\``)
    }
    expect(maps.lengths).toEqual([10, 100])
  })
})
