/** Where text goes. Results to stdout, everything about the work to stderr, so that output can be piped. */

import { writeSync } from 'node:fs'
import { bytesOf } from '../core/names.ts'
import { printableLines } from '../core/printable.ts'
import { fileProblem } from '../files/problem.ts'
import { writeWhole } from '../files/write.ts'

/** A pipe whose reader has left (`| head`) is not an error of ours; one that is slow is waited for. */
function write(descriptor: number, text: string): void {
  let rest = bytesOf(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EPIPE') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

const ended = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`)

/** @throws RankBenchError(data) when standard output cannot be written, as on a full disk */
export function print(text: string): void {
  try {
    write(1, ended(text))
  } catch (cause) {
    throw fileProblem('standard output', cause)
  }
}

/** What is said about the work: without control characters, and lost where standard error cannot be written. */
export function tell(text: string): void {
  try {
    write(2, ended(printableLines(text)))
  } catch {
    // There is nowhere left to say so.
  }
}

export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2))

/** To a file when one is named, else to stdout. @throws RankBenchError(data) when it cannot be written */
export function printTo(path: string | undefined, text: string): void {
  if (path === undefined) print(text)
  else writeWhole(path, text)
}
