// Formats and lints the kernels (src/**/*.as.ts) as everything else is:
//
//   node scripts/kernel-style.mjs            says what is wrong, exit 1
//   node scripts/kernel-style.mjs --write    puts it right
//
// AssemblyScript puts decorators on functions, which no TypeScript parser takes: biome sees them as comments, in a copy.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const write = process.argv.includes('--write')
const hidden = (text) => text.replaceAll(/^@(inline|unmanaged)$/gm, '//@$1')
const shown = (text) => text.replaceAll(/^\/\/ ?@(inline|unmanaged)$/gm, '@$1')

const files = readdirSync('src', { recursive: true })
  .filter((file) => file.endsWith('.as.ts'))
  .map((file) => join('src', file))
const copy = mkdtempSync(join(tmpdir(), 'kernel-style-'))
const { vcs: _, files: __, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'))

// == compares numbers; types are as real as values, and imported with them; constants are written with the
// digits they are meant to have, 64-bit integers are no doubles, and x != x is how NaN is told.
const rules = {
  preset: 'recommended',
  style: { useImportType: 'off', noNonNullAssertion: 'off', useConst: 'error' },
  suspicious: {
    noDoubleEquals: 'off',
    noConstEnum: 'off',
    noApproximativeNumericConstant: 'off',
    noSelfCompare: 'off',
  },
  correctness: { noPrecisionLoss: 'off' },
}
writeFileSync(join(copy, 'biome.json'), JSON.stringify({ ...config, $schema: undefined, linter: { rules } }))
for (const file of files) {
  mkdirSync(join(copy, dirname(file)), { recursive: true })
  writeFileSync(join(copy, file), hidden(readFileSync(file, 'utf8')))
}

const biome = resolve('node_modules/.bin/biome')
const args = ['check', '--max-diagnostics=50', ...(write ? ['--write'] : []), 'src']
const { status, stdout, stderr } = spawnSync(biome, args, { cwd: copy, encoding: 'utf8' })
if (write) for (const file of files) writeFileSync(file, shown(readFileSync(join(copy, file), 'utf8')))
if (status !== 0)
  process.stderr.write(`${stdout}${stderr}\nnode scripts/kernel-style.mjs --write puts right what it can\n`)
else console.log(`${files.length} kernel files are in style`)
rmSync(copy, { recursive: true, force: true })
process.exit(status === 0 ? 0 : 1)
