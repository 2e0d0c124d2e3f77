// Writes docs/parameters.md and src/api/safe-ranges.ts from a stability run:
//
//   npm run build && node scripts/parameters.mjs results/stability
import { writeFileSync } from 'node:fs'
import { stabilityMaps } from '../dist/experiments/stability/map.js'
import { mapped } from '../dist/experiments/stability/mapped.js'
import { parametersPage } from '../dist/experiments/stability/parameters-page.js'
import { safeRangesModule } from '../dist/experiments/stability/safe-ranges-module.js'
import { methods } from '../dist/methods/registry.js'
import { loadRun } from '../dist/run/load.js'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('usage: node scripts/parameters.mjs <folder of a stability run>, e.g. results/stability')
  process.exit(2)
}
const maps = mapped(stabilityMaps(await loadRun(folder)))
writeFileSync('src/api/safe-ranges.ts', safeRangesModule(maps))
writeFileSync('docs/parameters.md', parametersPage(maps, methods))
