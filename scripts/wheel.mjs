// Builds the package for Python (python/): the kernels and their description go into a copy of it, and pip makes a wheel that runs
// anywhere. In the checkout itself the package reads both where the build leaves them.
//
//   npm run wheel [-- <folder>]          default: dist/python
//
// RANK_BENCH_PYTHON names the interpreter whose pip does it; default python3.
import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const out = process.argv[2] ?? 'dist/python'

const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
for (const file of ['python/pyproject.toml', 'python/rank_bench/__init__.py']) {
  const [, found] = readFileSync(file, 'utf8').match(/version(?:__)? = "(.*)"/)
  if (found !== version) throw new Error(`${file} says version ${found}; expected ${version}, as package.json`)
}
const folder = mkdtempSync(join(tmpdir(), 'rank-bench-wheel-'))
try {
  for (const part of ['pyproject.toml', 'README.md', 'rank_bench'])
    cpSync(join('python', part), join(folder, part), { recursive: true })
  const assets = join(folder, 'rank_bench/assets')
  mkdirSync(assets)
  copyFileSync('dist/operators.json', join(assets, 'operators.json'))
  copyFileSync('dist/engine/kernels-unshared.wasm', join(assets, 'kernels-unshared.wasm'))
  copyFileSync('LICENSE', join(folder, 'LICENSE'))
  const pip = ['-m', 'pip', 'wheel', folder, '--no-deps', '--wheel-dir', out, '--quiet']
  const { status, error } = spawnSync(process.env.RANK_BENCH_PYTHON ?? 'python3', pip, { stdio: 'inherit' })
  if (error) throw error
  process.exitCode = status
} finally {
  rmSync(folder, { recursive: true })
}
