/** What a shell offers after a tab: verbs, the options of each, and what `list` and `report` take. */

import type { Command } from 'commander'
import { scripts, type Words } from './shells.ts'

const longOptions = (command: Command): string[] => command.options.flatMap(({ long }) => (long ? [long] : []))

const choices = (command: Command): string[] =>
  command.registeredArguments.flatMap(({ argChoices }) => [...(argChoices ?? [])])

const wordsOf = (program: Command): Words[] =>
  program.commands.map((command) => ({
    verb: command.name(),
    words: [...command.commands.map((each) => each.name()), ...choices(command), ...longOptions(command), '--help'],
  }))

export type Shell = keyof typeof scripts
export const shells = Object.keys(scripts) as Shell[]

/** A script for one shell, made of the verbs as they are. */
export const completionScript = (shell: Shell, program: Command): string => scripts[shell](wordsOf(program))
