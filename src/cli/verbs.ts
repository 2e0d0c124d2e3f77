/** All verbs, in the order of the help. */

import type { Command } from 'commander'
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
import { addMerge } from './commands/merge.ts'
import { addPeers } from './commands/peers.ts'
import { addReport } from './commands/report.ts'
import { addReproduce } from './commands/reproduce.ts'
import { addRun } from './commands/run.ts'
import { addSubmit } from './commands/submit.ts'
import type { Finish } from './exit.ts'

export const verbs: readonly ((program: Command, finish: Finish) => void)[] = [
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
  addSubmit,
  addMerge,
  addReport,
  addData,
  addPeers,
  addList,
  addCompletion,
]
