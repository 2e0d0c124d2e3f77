/** What a verb says of itself: lines that can be typed as they stand, and its usage after a mistake. */

import type { Command } from 'commander'

/** Below the options of the verb's help: `.addHelpText('after', examples(...))`. */
export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`

const pathOf = (command: Command): string =>
  [...(command.parent ? [pathOf(command.parent)] : []), command.name()].join(' ')

/** After a mistake in an option the usage of the verb it was typed to, and where its options are; the nearest name stands above. */
export function helpAfterMistakes(program: Command): void {
  for (const command of program.commands) {
    const path = pathOf(command)
    command.showHelpAfterError(`usage: ${path} ${command.usage()}\n  its options, with examples: ${path} --help`)
    helpAfterMistakes(command)
  }
}
