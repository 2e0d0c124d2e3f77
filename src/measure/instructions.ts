/**
 * Instructions that a command executes, by `perf` or valgrind's callgrind: they repeat where times do not, and they are no times. Code
 * that a just-in-time compiler writes counts as it was written that time.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { VisitOutcome } from '../core/result.ts'
import { type CommandRun, visitCommand } from './command.ts'
import { type Counter, readCount } from './counters.ts'
import { failed } from './outcome.ts'

const quoted = (command: string): string => `'${command.replaceAll("'", "'\\''")}'`

/** The command under a counter that writes to a file. */
const commandLines: Readonly<Record<Counter, (command: string, file: string) => string>> = {
  perf: (command, file) => `perf stat -x , -e instructions:u -o ${quoted(file)} -- sh -c ${quoted(command)}`,
  callgrind: (command, file) =>
    `valgrind --tool=callgrind --trace-children=yes --callgrind-out-file=/dev/null --log-file=${quoted(file)} sh -c ${quoted(command)}`,
}

/** Those of the counters that count on this machine: a virtual one may have perf and no counter for it. */
export function availableCounters(): Counter[] {
  const perf = spawnSync('perf', ['stat', '-x', ',', '-e', 'instructions:u', '--', 'true'], { encoding: 'utf8' })
  const valgrind = spawnSync('valgrind', ['--version'], { encoding: 'utf8' })
  return [
    ...(perf.status === 0 && readCount('perf', perf.stderr) !== undefined ? (['perf'] as const) : []),
    ...(valgrind.status === 0 ? (['callgrind'] as const) : []),
  ]
}

/** @param file written and removed */
export async function countInstructions(counter: Counter, run: CommandRun, file: string): Promise<VisitOutcome> {
  try {
    const outcome = await visitCommand({ ...run, command: commandLines[counter](run.command, file) }, () => false)
    if (outcome.status !== 'measured') return outcome
    const value = existsSync(file) ? readCount(counter, readFileSync(file, 'utf8')) : undefined
    if (value === undefined)
      return failed(`${counter} counted no instructions of ${run.command}`, 'rank-bench doctor says what counts here')
    const observation = { metric: 'instructions', unit: '1' as const, better: 'lower' as const, value }
    return { status: 'measured', observations: [observation], warnings: [] }
  } finally {
    rmSync(file, { force: true })
  }
}
