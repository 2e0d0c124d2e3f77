/** The tree of verbs. */

import { Command } from 'commander'
import { version } from '../measure/version.ts'
import { helpAfterMistakes } from './examples.ts'
import type { Finish } from './exit.ts'
import { verbs } from './verbs.ts'

export function createProgram(finish: Finish): Command {
  const program = new Command('rank-bench')
    .description(
      'Benchmark and paper-reproduction harness for differentiable sorting, ranking and learning-to-rank losses.',
    )
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(rank-bench --help lists all verbs)')
    .exitOverride()
  for (const add of verbs) add(program, finish)
  helpAfterMistakes(program)
  program.addHelpText(
    'after',
    `
Exit codes: 0 all ran and every verdict is good · 1 judged and bad · 2 usage, config or data ·
  3 a planned cell failed or timed out · 4 inconclusive · 70 a bug · 130 interrupted`,
  )
  return program
}
