/** argv -> exit code. */

import { CommanderError } from 'commander'
import { describeError, exitCode } from './exit.ts'
import { tell } from './output.ts'
import { createProgram } from './program.ts'

/** Commander has already printed its message; its help and version "errors" are successes. */
const commanderExit = (error: CommanderError): number => (error.exitCode === 0 ? exitCode.good : exitCode.usage)

export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.good
  const program = createProgram((value) => {
    code = value
  })
  try {
    await program.parseAsync(argv as string[], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return commanderExit(error)
    const described = describeError(error)
    tell(described.text)
    return described.code
  }
}
