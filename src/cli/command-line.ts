/** What was typed, as a shell would take it again. */

import { shellWord } from '../core/shell-word.ts'

export const commandLine = (): string => `rank-bench ${process.argv.slice(2).map(shellWord).join(' ')}`
