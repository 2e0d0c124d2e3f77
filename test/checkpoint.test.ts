/** A training that is killed in its middle goes on from the last state that was kept, and ends where it would have ended. */

import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { binary, cleanEnvironment, rankBench, temporaryFolder } from './harness.ts'

const keep = 4
const steps = 48
const run = [
  'run',
  '-e',
  `sequence-sorting[filters=2,hidden=4,batch=4,steps=${steps},check=12,keep=${keep},validation=20,test=40]`,
  '-m',
  'matrix:softsort',
  '-d',
  'sequences[digits=1,n=3]',
  '--no-progress',
]

/** The state in a run folder: the step that it is of; undefined where nothing was kept yet. */
function stepKept(folder: string): number | undefined {
  const states = join(folder, 'out/unfinished')
  const [file] = existsSync(states) ? readdirSync(states).filter((name) => name.endsWith('.bin')) : []
  if (file === undefined) return undefined
  const bytes = readFileSync(join(states, file))
  return new Float64Array(Uint8Array.from(bytes.subarray(bytes.indexOf(10) + 1)).buffer)[0]
}

/** Starts a run and answers with the step that is kept once `stop` says so; the run and its measuring process are then killed. */
async function killedAt(folder: string, stop: (step: number) => boolean): Promise<number[]> {
  const child = spawn(process.execPath, [binary, ...run, '--out', 'out'], {
    cwd: folder,
    env: cleanEnvironment(join(folder, 'cache')),
    detached: true,
    stdio: 'ignore',
  })
  const seen: number[] = []
  for (;;) {
    const step = stepKept(folder)
    if (step !== undefined && step !== seen.at(-1)) seen.push(step)
    if (child.exitCode !== null || (step !== undefined && stop(step))) break
    await later(5)
  }
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
  await later(300)
  const last = stepKept(folder)
  return last === undefined || last === seen.at(-1) ? seen : [...seen, last]
}

const observationsOf = (folder: string): unknown =>
  readFileSync(join(folder, 'out/journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).outcome.observations)

test('kill -9 in mid-training loses at most the steps since the last state', async () => {
  const [folder, whole] = [temporaryFolder(), temporaryFolder()]
  const before = await killedAt(folder, (step) => step >= 2 * keep)
  const kept = before.at(-1)!
  expect(kept).toBeLessThan(steps)
  // The second process begins at that state: what it keeps first lies beyond it.
  const after = await killedAt(folder, (step) => step > kept)
  expect(after.find((step) => step !== kept)).toBeGreaterThan(kept)
  expect(after.every((step) => step % keep === 0)).toBe(true)
  expect(rankBench([...run, '--out', 'out'], { cwd: folder }).code).toBe(0)
  expect(rankBench([...run, '--out', 'out'], { cwd: whole }).code).toBe(0)
  expect(observationsOf(folder)).toEqual(observationsOf(whole))
  // Measured: nothing is left to go on from.
  expect(stepKept(folder)).toBeUndefined()
}, 180_000)

test('--fresh starts over: the state of an earlier attempt is not gone on from', async () => {
  const folder = temporaryFolder()
  await killedAt(folder, (step) => step >= 2 * keep)
  expect(stepKept(folder)).toBeGreaterThan(0)
  expect(rankBench([...run, '--out', 'out', '--fresh', '--dry-run'], { cwd: folder }).code).toBe(0)
  const { code } = rankBench([...run, '--out', 'out', '--fresh'], { cwd: folder })
  expect(code).toBe(0)
  expect(stepKept(folder)).toBeUndefined()
}, 180_000)
