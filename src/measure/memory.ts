/** How much memory a measuring process may take unless the user says otherwise. */

import { totalmem } from 'node:os'

/** Physical memory, or what the container or batch job may use of it. 0 where no such limit is known. */
function availableBytes(): number {
  const limit = process.constrainedMemory?.() ?? 0
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Half of it: two untimed cells run side by side by default, and the run itself and its peers want some. */
export const defaultMemoryGiB = (): number => Math.max(0.5, Math.floor(availableBytes() / 2 ** 30) / 2)
