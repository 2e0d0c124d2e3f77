/** rank-bench completion: a script that makes a shell complete verbs and options. */

import { Argument, type Command } from 'commander'
import { completionScript, type Shell, shells } from '../completion.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print } from '../output.ts'

export function addCompletion(program: Command, finish: Finish): void {
  program
    .command('completion')
    .description('a script that makes the shell complete verbs and options')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText('after', examples('eval "$(rank-bench completion bash)"', 'rank-bench completion fish | source'))
    .action((shell: Shell) => {
      print(completionScript(shell, program))
      finish(exitCode.good)
    })
}
