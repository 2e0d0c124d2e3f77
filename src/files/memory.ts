/** Input that does not fit is refused while the process can still say so. */

import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import { dataError } from '../core/errors.ts'

/** Shares of the heap's limit and of the machine that input may fill: the rest is for what is made of it, and for everybody else. */
const heapShare = 0.85
const machineShare = 0.75

const machineBytes = (): number => {
  const allowed = process.constrainedMemory?.() ?? 0
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem()
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/** @param where what is being read, e.g. `run.txt, line 7` @throws RankBenchError(data) when memory runs out */
export function requireMemory(where: string): void {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics()
  if (used > heapShare * limit) {
    throw dataError(
      `${where}: it does not fit into memory: ${gibibytes(used)} of ${gibibytes(limit)} are used`,
      `give it more, e.g. NODE_OPTIONS=--max-old-space-size=${Math.round((2 * limit) / 2 ** 20)}, or cut the file`,
    )
  }
  const whole = machineBytes()
  const held = process.memoryUsage.rss()
  if (held > machineShare * whole) {
    throw dataError(
      `${where}: it does not fit into memory: ${gibibytes(held)} of the machine's ${gibibytes(whole)} are used`,
      'cut the file, or use a larger machine',
    )
  }
}
