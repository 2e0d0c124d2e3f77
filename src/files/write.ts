/** The one way out: a file is written whole or not at all, and never onto what was read. */

import { chmodSync, lstatSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { usageError } from '../core/errors.ts'
import { bytesOf } from '../core/names.ts'
import { printable } from '../core/printable.ts'
import { isSystemError, onFile } from './problem.ts'

type Content = string | Uint8Array

const bytes = (content: Content): Uint8Array => (typeof content === 'string' ? bytesOf(content) : content)

const factsOf = (path: string): Stats | undefined => {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** A link is kept, and what it leads to exchanged. */
function aside(path: string, content: Uint8Array, mode: number | undefined): void {
  const target = mode === undefined ? path : realpathSync(path)
  const temporary = join(dirname(target), `.rank-bench-${process.pid}.tmp`)
  try {
    writeFileSync(temporary, content)
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777)
    renameSync(temporary, target)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw cause
  }
}

/** The folder takes no new files, but the file itself may be written. */
const folderIsClosed = (cause: unknown): boolean =>
  isSystemError(cause) && ['EACCES', 'EPERM', 'EROFS', 'EXDEV'].includes(cause.code ?? '')

/**
 * Writes a file whole or not at all, so that a kill or a full disk never leaves half of it; devices and pipes are written to.
 * @throws RankBenchError(data) with path and reason
 */
export function writeWhole(path: string, content: Content): void {
  const folder = dirname(path)
  const hint = factsOf(folder) ? undefined : `make its folder first: mkdir -p ${printable(folder)}`
  const write = () => {
    const facts = factsOf(path)
    // A link that leads nowhere, or back to itself, is not exchanged for a file behind the user's back.
    const leadsNowhere = !facts && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    if (leadsNowhere || (facts && !facts.isFile())) return writeFileSync(path, bytes(content))
    try {
      aside(path, bytes(content), facts?.mode)
    } catch (cause) {
      if (!facts || !folderIsClosed(cause)) throw cause
      writeFileSync(path, bytes(content))
    }
  }
  onFile(path, write, hint)
}

/** @throws RankBenchError(usage) when `output` is one of the files that are read, under whatever name */
export function refuseOntoInput(output: string | undefined, inputs: readonly (string | undefined)[]): void {
  const out = output === undefined ? undefined : factsOf(output)
  if (!out?.isFile()) return
  for (const input of inputs) {
    const read = input === undefined ? undefined : factsOf(input)
    if (read && read.dev === out.dev && read.ino === out.ino) {
      throw usageError(
        `-o ${printable(output!)} is read as ${printable(input!)}, and would be overwritten`,
        'name another file',
      )
    }
  }
}
