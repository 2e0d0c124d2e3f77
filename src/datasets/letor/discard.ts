/** Clearing up that never hides the error before it. */

import { rmSync } from 'node:fs'

/** Removes a file where it can be. */
export function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Its folder cannot be reached, so nothing was written there; what made it so has been or will be reported.
  }
}
