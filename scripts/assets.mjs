// Copies what the compiler does not: the Python peer worker and the engine's kernels, next to the modules that load them.
import { chmodSync, copyFileSync } from 'node:fs'

copyFileSync('src/peers/worker.py', 'dist/peers/worker.py')
copyFileSync('src/engine/kernels.wasm', 'dist/engine/kernels.wasm')
chmodSync('bin/rank-bench.js', 0o755)
