/** One folder for everything that tests write beside the repository, removed when they are over. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export default function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'rank-bench-tests-'))
  // Workers are started after this, and take it over.
  process.env.TMPDIR = folder
  return () => rmSync(folder, { recursive: true, force: true })
}
