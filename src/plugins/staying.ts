/** Plug-ins are somebody else's code, loaded into this process: it must not end here as if all were well. */

import { type RankBenchError, usageError } from '../core/errors.ts'

/**
 * Runs `load` with `process.exit` refused.
 * @throws RankBenchError(usage) when something called it, even where the caller swallowed that; otherwise what `load` throws
 */
export async function staying<T>(where: string, load: () => Promise<T>): Promise<T> {
  const { exit } = process
  let refused: RankBenchError | undefined
  process.exit = (code) => {
    refused = usageError(`${where} called process.exit(${code ?? ''}) while it was loaded`)
    throw refused
  }
  try {
    const value = await load()
    if (refused) throw refused
    return value
  } catch (error) {
    throw refused ?? error
  } finally {
    process.exit = exit
  }
}
