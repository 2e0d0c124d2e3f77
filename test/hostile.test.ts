/** The rows of the table of hostile inputs that need no shell; `node scripts/hostile.mjs` runs all, each in its own process. */

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('hostile files end with their exit code, one line that says why, and nothing left behind', () => {
  const { stdout, status } = spawnSync(process.execPath, ['scripts/hostile.mjs', '--in-process'], { encoding: 'utf8' })
  const rows = /^hostile: (\d+) of (\d+) rows as expected$/m.exec(stdout)
  expect(stdout.replace(/^hostile: .*\n/m, '')).toBe('')
  expect(Number(rows?.[2])).toBeGreaterThanOrEqual(150)
  expect(status).toBe(0)
})
