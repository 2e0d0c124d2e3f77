/** A browser for tests: the first that is here, or none. */

import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

function onPath(name: string): string[] {
  try {
    return [execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()]
  } catch {
    return []
  }
}

export const chromium = [
  process.env.RANK_BENCH_CHROMIUM ?? [],
  ...['chromium', 'chromium-browser', 'google-chrome'].flatMap(onPath),
]
  .flat()
  .find((path) => existsSync(path))
if (!chromium) console.log('skipped: tests in a browser (no chromium on PATH; RANK_BENCH_CHROMIUM names one)')
