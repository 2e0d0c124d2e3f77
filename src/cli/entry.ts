import { describeError } from './exit.ts'
import { main } from './main.ts'
import { tell } from './output.ts'

/** What is thrown outside of the verb's own promise, as by a stream. */
process.on('uncaughtException', (error) => {
  const { text, code } = describeError(error)
  tell(text)
  process.exit(code)
})
process.exitCode = await main(process.argv.slice(2))
