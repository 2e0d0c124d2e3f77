/** argv in, exit code out; and a word when something else ends the process first. */

import { exitCode } from './exit.ts'
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
ended = await main(process.argv.slice(2))
process.exitCode = ended
