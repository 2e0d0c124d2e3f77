/** rank-bench doctor: this machine's timer, isolation and noise floor, and the smallest limit that a gate can hold on it. */

import type { Command } from 'commander'
import { formatTime } from '../../report/numbers.ts'
import { left, type ReportTable, text } from '../../report/table.ts'
import { type Diagnosis, diagnose } from '../../run/gate/doctor.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { countUpTo } from '../numbers.ts'
import { print, printJson, tell } from '../output.ts'
import { startProgress } from '../progress.ts'
import { onScreen } from '../screen.ts'

/** A pair takes a second. */
const mostRounds = 1000

interface DoctorFlags {
  rounds: number
  json?: boolean
  progress: boolean
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

function table({ steadiness, isolation, counters, floor, smallestLimit, advice }: Diagnosis): ReportTable {
  const { governor, turbo, stolen, isolated, cores, loadAverage } = isolation
  const rows: readonly (readonly [string, string])[] = [
    ['timer', `steps of ${formatTime(steadiness.timerTickNs)}`],
    ['the same work, 95th percentile over median', `+${percent(steadiness.spread)} of ${steadiness.samples} samples`],
    ['drift within a second', percent(steadiness.drift)],
    ['neighbouring samples resemble each other', `correlation ${steadiness.neighbours.toFixed(2)}`],
    ['load', `${loadAverage} on ${cores} cores`],
    ['frequency governor; turbo', `${governor ?? 'not said'}; ${turbo ?? 'not said'}`],
    ['time given to other guests', stolen === undefined ? 'not said' : percent(stolen)],
    ['cores kept free', isolated ?? 'none'],
    ['instructions can be counted by', counters.join(', ') || 'nothing: neither perf nor valgrind'],
    ['noise of a pair of processes of one build', `${percent(floor.deviation)} (${floor.rounds} pairs)`],
    ['smallest limit that a gate holds', percent(smallestLimit)],
  ]
  return {
    id: 'doctor',
    title: 'This machine',
    about: ['the smallest limit: with it an unchanged build passes in 24 rounds, four times out of five'],
    columns: [left('of'), left('what')],
    rows: rows.map(([of, what]) => [text(of), text(what)]),
    notes: [...advice],
  }
}

export function addDoctor(program: Command, finish: Finish): void {
  program
    .command('doctor')
    .description("this machine's timer, isolation and noise floor; gate refuses limits below it")
    .option('--rounds <n>', 'pairs of processes', countUpTo(mostRounds), 12)
    .option('--json', 'for programs')
    .option('--no-progress', 'plain lines instead of a bar')
    .addHelpText('after', examples('rank-bench doctor', 'rank-bench doctor --rounds 24 --json'))
    .action(async ({ rounds, json, progress }: DoctorFlags) => {
      const found = await diagnose(rounds, { note: tell, progress: (visits) => startProgress(visits, progress) })
      if (json) printJson(found)
      else print(onScreen([table(found)]))
      const sentence = `doctor: noise ${percent(found.floor.deviation)} a pair, smallest limit ${percent(found.smallestLimit)} — exit 0 (${found.path})`
      if (json) tell(sentence)
      else print(sentence)
      finish(exitCode.good)
    })
}
