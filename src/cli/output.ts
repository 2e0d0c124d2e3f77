/** Where text goes. Results to stdout, everything about the work to stderr, so that output can be piped. */

import { writeFileSync, writeSync } from 'node:fs'

/** A pipe whose reader has left (`| head`) is not an error of ours. */
function write(descriptor: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
    }
  }
}

export const print = (text: string): void => write(1, text.endsWith('\n') ? text : `${text}\n`)
export const tell = (text: string): void => write(2, text.endsWith('\n') ? text : `${text}\n`)

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))

/** To a file when one is named, else to stdout. */
export function printTo(path: string | undefined, text: string): void {
  if (path === undefined) print(text)
  else writeFileSync(path, text)
}
