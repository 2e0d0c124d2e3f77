/** Apache Otava, which finds change points in histories of benchmarks: called where it is installed. */

import { spawnSync } from 'node:child_process'
import { RankBenchError } from '../core/errors.ts'

/** What it answers, or how to get it. */
type Analysis = { readonly answer: string } | { readonly missing: string }

/**
 * @param program its name or path
 * @param config file that names the CSV
 * @param since the earliest gate; without it Otava reads the last month only
 */
export function analyzeHistory(program: string, config: string, since: string): Analysis {
  const words = ['analyze', 'gate', '--config-file', config, '--since', since, '--output', 'log']
  const { error, status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (error && (error as NodeJS.ErrnoException).code === 'ENOENT')
    return { missing: `${program} is not installed: pip install apache-otava finds change points in it` }
  if (status === 0) return { answer: stdout.trim() === '' ? stderr.trim() : stdout.trimEnd() }
  const last = stderr.trim().split('\n').slice(-3).join(' | ')
  throw new RankBenchError('peer', `${program} ended with ${status}: ${last}`, {
    hint: `${program} ${words.join(' ')}`,
  })
}
