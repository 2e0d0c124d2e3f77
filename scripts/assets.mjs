// Copies what the compiler does not: the scripts of Python peers and the engine's kernels, next to the modules that load them.
import { chmodSync, copyFileSync, mkdirSync, readdirSync } from 'node:fs'

for (const folder of ['systems/python', 'systems/python/adapters']) {
  mkdirSync(`dist/${folder}`, { recursive: true })
  for (const script of readdirSync(`src/${folder}`).filter((name) => name.endsWith('.py')))
    copyFileSync(`src/${folder}/${script}`, `dist/${folder}/${script}`)
}
for (const module of ['kernels.wasm', 'kernels-unshared.wasm'])
  copyFileSync(`src/engine/${module}`, `dist/engine/${module}`)
chmodSync('bin/rank-bench.js', 0o755)
