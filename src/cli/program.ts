/** The tree of verbs. */

import { Command } from 'commander'
import { version } from '../measure/version.ts'
import { addApply } from './commands/apply.ts'
import { addCheck } from './commands/check.ts'
import { addCompare } from './commands/compare.ts'
import { addCompletion } from './commands/completion.ts'
import { addData } from './commands/data.ts'
import { addDoctor } from './commands/doctor.ts'
import { addEvaluate } from './commands/evaluate.ts'
import { addGate } from './commands/gate.ts'
import { addHistory } from './commands/history.ts'
import { addInit } from './commands/init.ts'
import { addList } from './commands/list.ts'
import { addPeers } from './commands/peers.ts'
import { addReport } from './commands/report.ts'
import { addReproduce } from './commands/reproduce.ts'
import { addRun } from './commands/run.ts'
import { helpAfterMistakes } from './examples.ts'
import type { Finish } from './exit.ts'

export function createProgram(finish: Finish): Command {
  const program = new Command('rank-bench')
    .description(
      'Benchmark and paper-reproduction harness for differentiable sorting, ranking and learning-to-rank losses.',
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(rank-bench --help lists all verbs)')
    .exitOverride()
  for (const add of [
    addRun,
    addCheck,
    addInit,
    addApply,
    addEvaluate,
    addReproduce,
    addGate,
    addCompare,
    addHistory,
    addDoctor,
    addReport,
    addData,
    addPeers,
    addList,
    addCompletion,
  ])
    add(program, finish)
  helpAfterMistakes(program)
  program.addHelpText(
    'after',
    `
Exit codes: 0 all ran and every verdict is good · 1 judged and bad · 2 usage, config or data ·
  3 a planned cell failed or timed out · 4 inconclusive · 70 a bug · 130 interrupted`,
  )
  return program
}
