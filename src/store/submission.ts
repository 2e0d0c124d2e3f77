/** What was submitted, kept in the folder that its shards lie in: enough to tell how far they are before the first of them starts. */

import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataError, usageError } from '../core/errors.ts'
import { writeAtomically } from './run.ts'

interface Submission {
  readonly format: 1
  readonly name: string
  readonly shards: number
  /** Digest of the keys of the plan. */
  readonly plan: string
  readonly jobs: number
  /** What each shard was expected to take, in seconds. */
  readonly seconds: readonly number[]
  /** What submits the shards that are not done again. */
  readonly command: string
}

const submissionPath = (folder: string): string => join(folder, 'submission.json')
export const configPath = (folder: string): string => join(folder, 'config.json')

/** @throws RankBenchError(data) where the folder holds none, or a damaged one */
export function readSubmission(folder: string): Submission {
  const path = submissionPath(folder)
  if (!existsSync(path))
    throw dataError(`${folder} holds no submission (no submission.json)`, 'rank-bench submit slurm --help')
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Submission
    if (value.format === 1 && Array.isArray(value.seconds) && value.seconds.length === value.shards) return value
  } catch {
    // Said below.
  }
  throw dataError(`${path} is not what rank-bench submit writes`, 'submit again: shards that are done stay')
}

/**
 * The config beside it is what every shard reads, so that a file that is edited meanwhile changes none of them.
 * @throws RankBenchError(usage) where the folder holds the submission of something else
 */
export function writeSubmission(folder: string, submission: Submission, config: unknown): void {
  if (existsSync(submissionPath(folder))) {
    const { plan, shards, name } = readSubmission(folder)
    if (plan !== submission.plan || shards !== submission.shards)
      throw usageError(
        `${folder} holds the submission of ${name} in ${shards} shards${plan === submission.plan ? '' : ', of another plan'}; this one has ${submission.shards}`,
        plan === submission.plan ? `--shards ${shards}, or choose another --out` : 'choose another --out',
      )
  }
  mkdirSync(join(folder, 'logs'), { recursive: true })
  writeAtomically(configPath(folder), `${JSON.stringify(config, null, 2)}\n`)
  writeAtomically(submissionPath(folder), `${JSON.stringify(submission, null, 2)}\n`)
}
