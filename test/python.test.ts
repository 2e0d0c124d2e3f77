/** The package for Python, by its own tests: the same bits as here, gradients against differences in PyTorch and JAX. */

import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

const needed = 'numpy, wasmtime, pytest'
const python = [process.env.RANK_BENCH_PYTHON, 'python3'].find(
  (name) => name && spawnSync(name, ['-c', `import ${needed}`]).status === 0,
)
if (!python) {
  console.log(`skipped: tests of the package for Python (no Python with ${needed}; RANK_BENCH_PYTHON names one)`)
}

describe.skipIf(!python)('the package for Python', () => {
  test('passes its tests', () => {
    const options = ['-m', 'pytest', 'python/tests', '-q', '-rs', '--tb=short', '-p', 'no:cacheprovider']
    const { stdout, status } = spawnSync(python!, options, { encoding: 'utf8' })
    for (const line of stdout.split('\n').filter((each) => each.startsWith('SKIPPED'))) console.log(line)
    expect(status, stdout).toBe(0)
  }, 600_000)
})
