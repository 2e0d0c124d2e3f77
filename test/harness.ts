/** Drives the real binary, as a user's shell does. */

import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const binary = resolve('bin/rank-bench.js')

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Without the user's data root, peers and cache, unless `env` gives them back. */
export const cleanEnvironment = (cache: string): NodeJS.ProcessEnv => {
  const { RANK_BENCH_DATA: _data, RANK_BENCH_PYTHON: _python, ...rest } = process.env
  return { ...rest, CI: 'true', XDG_CACHE_HOME: cache, NO_COLOR: '1' }
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'rank-bench-e2e-'))

export function rankBench(args: readonly string[], options: SpawnSyncOptions & { input?: string } = {}): Ended {
  const cwd = (options.cwd as string | undefined) ?? temporaryFolder()
  const ended = spawnSync(process.execPath, [binary, ...args], {
    encoding: 'utf8',
    env: cleanEnvironment(join(cwd, 'cache')),
    maxBuffer: 2 ** 26,
    ...options,
    cwd,
  })
  return { code: ended.status, out: String(ended.stdout), err: String(ended.stderr) }
}
