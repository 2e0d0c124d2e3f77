/** argv in, exit code out; and a word when something else ends the process first. */

import { describeError, exitCode } from './exit.ts'
import { main } from './main.ts'
import { tell } from './output.ts'

let ended: number | undefined
// A plug-in that calls process.exit, or leaves nothing to wait for, must not look like a success to a script.
process.once('exit', (code) => {
  if (code === ended || (ended === undefined && code !== 0)) return
  if (ended === undefined)
    tell('error: the process was ended before its work was done, by a plug-in or a module it loaded')
  process.exitCode = ended ?? exitCode.usage
})
// What is thrown outside of the verb's own promise, as by a stream.
process.on('uncaughtException', (error) => {
  const { text, code } = describeError(error)
  tell(text)
  process.exit(code)
})
ended = await main(process.argv.slice(2))
process.exitCode = ended
