// Copies what the compiler does not: the scripts of Python peers and the engine's kernels, next to the modules that load them.
import { chmodSync, copyFileSync } from 'node:fs'

for (const script of ['worker.py', 'metrics.py', 'loaders.py'])
  copyFileSync(`src/systems/python/${script}`, `dist/systems/python/${script}`)
copyFileSync('src/engine/kernels.wasm', 'dist/engine/kernels.wasm')
chmodSync('bin/rank-bench.js', 0o755)
