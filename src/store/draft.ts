/** Names for files that are not whole yet. */

import { randomBytes } from 'node:crypto'

/** Nobody else's: on a folder that machines and containers share, process numbers repeat. */
export const draftOf = (path: string): string => `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`
