// Builds the package for Python (python/): the kernels and their description go into it, and pip makes a wheel of it that runs anywhere.
//
//   npm run wheel [-- <folder>]          default: dist/python
//
// RANK_BENCH_PYTHON names the interpreter whose pip does it; default python3.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs'

const out = process.argv[2] ?? 'dist/python'
const assets = 'python/rank_bench/assets'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const file of ['python/pyproject.toml', 'python/rank_bench/__init__.py']) {
  const [, found] = readFileSync(file, 'utf8').match(/version(?:__)? = "(.*)"/)
  if (found !== version) throw new Error(`${file} says version ${found}; expected ${version}, as package.json`)
}
// What an earlier build left there would go into the wheel.
rmSync('python/build', { recursive: true, force: true })
mkdirSync(assets, { recursive: true })
copyFileSync('dist/operators.json', `${assets}/operators.json`)
copyFileSync('dist/engine/kernels-unshared.wasm', `${assets}/kernels-unshared.wasm`)
copyFileSync('LICENSE', 'python/LICENSE')
const pip = ['-m', 'pip', 'wheel', './python', '--no-deps', '--wheel-dir', out, '--quiet']
const { status, error } = spawnSync(process.env.RANK_BENCH_PYTHON ?? 'python3', pip, { stdio: 'inherit' })
if (error) throw error
process.exit(status)
