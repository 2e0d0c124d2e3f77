// Copies what the compiler does not: the Python peer worker, next to the module that starts it.
import { chmodSync, copyFileSync } from 'node:fs'

copyFileSync('src/peers/worker.py', 'dist/peers/worker.py')
chmodSync('bin/rank-bench.js', 0o755)
