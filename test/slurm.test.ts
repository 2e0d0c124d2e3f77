/**
 * Job arrays on a real Slurm, which `scripts/slurm-here.sh` starts on this machine: submitted, a task killed in mid-run, submitted
 * again, merged, and compared with an undivided run of the same config. Needs the packages and the rights to start them.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'
import { untimedAnswers, withoutTimes } from './same-but-times.ts'

const has = (program: string): boolean =>
  spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${program}`]).status === 0

function reasonToSkip(): string | undefined {
  const missing = ['sbatch', 'slurmctld', 'slurmd', 'munged'].filter((program) => !has(program))
  if (missing.length > 0) return `${missing.join(', ')} not here; scripts/slurm-here.sh install brings them`
  if (process.getuid?.() !== 0) return 'starting Slurm needs root'
  return undefined
}

const reason = reasonToSkip()
if (reason) console.log(`skipped: job arrays on a real Slurm: ${reason}`)

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const minutes = 60_000

describe.skipIf(reason)('a job array on Slurm', { timeout: 40 * minutes }, () => {
  const folder = temporaryFolder()
  const parts = join(folder, 'parts')
  const env: NodeJS.ProcessEnv = {
    ...cleanEnvironment(join(folder, 'cache')),
    SLURM_CONF: join(folder, 'slurm', 'slurm.conf'),
  }
  const call = (...words: string[]) => rankBench(words, { cwd: folder, env })
  const slurm = (...words: string[]) => spawnSync(words[0], words.slice(1), { encoding: 'utf8', env }).stdout
  const script = (what: string) =>
    spawnSync('scripts/slurm-here.sh', [what, join(folder, 'slurm')], { encoding: 'utf8' })
  const journal = (index: number) => join(parts, `shard-${index}-of-3`, 'journal.jsonl')
  const lines = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [])
  const submit = () => call('submit', 'slurm', '-c', 'quick', '--shards', '3', '--out', parts)

  async function drained(): Promise<void> {
    while (slurm('squeue', '--noheader').trim() !== '') await pause(1000)
  }

  beforeAll(() => {
    const { status, stderr } = script('start')
    expect(stderr).toBe('')
    expect(status).toBe(0)
  }, 2 * minutes)
  afterAll(() => void script('stop'))

  test('is killed, submitted again, merged, and is what an undivided run is', async () => {
    const first = submit()
    expect(first.err).toMatch(/submitted .*timed\.sbatch as job \d+/)
    expect(first.code).toBe(0)
    while (lines(journal(1)).length < 5) await pause(200)
    const running = call('submit', 'status', parts)
    expect(running.out).toMatch(/1 running/)
    expect(running.code).toBe(3)

    // As a machine that loses power would end it.
    process.kill(JSON.parse(readFileSync(join(parts, 'shard-1-of-3', 'run.lock'), 'utf8')).pid, 'SIGKILL')
    await drained()
    const kept = lines(journal(1))
    const ended = call('submit', 'status', parts)
    expect(ended.out).toMatch(/1 +(stalled|stopped)/)
    expect(ended.out).toMatch(/2 done/)
    expect(ended.err).toContain('to go on with shards that ended: rank-bench submit slurm -c quick')

    expect(submit().code).toBe(0)
    expect(readFileSync(join(parts, 'timed.sbatch'), 'utf8')).toContain('--array=1\n')
    await drained()
    expect(lines(journal(1)).slice(0, kept.length)).toEqual(kept)
    expect(call('submit', 'status', parts)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/3 shards: 3 done — exit 0/),
    })

    const merged = call('merge', parts, '--out', 'merged')
    expect(merged.out).toMatch(/3 runs of 1 machine.* 0 failed, 0 missing, 0 double, 0 with two answers — exit 0/)
    expect(call('run', '-c', 'quick', '--out', 'whole').code).toBe(0)
    const answers = (name: string) =>
      untimedAnswers(
        ...(['run.json', 'journal.jsonl'].map((file) => readFileSync(join(folder, name, file), 'utf8')) as [
          string,
          string,
        ]),
      )
    expect(answers('merged').size).toBeGreaterThan(20)
    expect(answers('merged')).toEqual(answers('whole'))
    const tables = (name: string) => withoutTimes(call('report', name, '--format', 'json').out)
    expect(tables('merged')).toEqual(tables('whole'))
  })
})
