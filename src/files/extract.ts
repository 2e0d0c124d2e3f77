/** Puts the files of an archive into a folder, and nothing outside of it: no links, no devices, no more than is allowed. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { dataError, RankBenchError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'
import type { Member, Members } from './archive.ts'
import { fileProblem, isSystemError } from './problem.ts'

interface ExtractLimits {
  /** Bytes of all files together. */
  readonly bytes: number
  readonly members: number
}

const byHand = 'unpack it by hand and name the folder'

/** Where a member goes. @throws RankBenchError(data) for a name that leads out of the folder */
function targetOf(name: string, folder: string, label: string): string {
  const parts = name.split(/[/\\]/).filter((part) => part !== '' && part !== '.')
  const target = join(folder, ...parts)
  const outside = /^([/\\]|[a-z]:)/i.test(name) || parts.includes('..') || name.includes('\0')
  if (!outside && (target === folder || target.startsWith(folder + sep))) return target
  throw dataError(`${label} names ${printable(name)}, outside of itself: nothing of it is used`, byHand)
}

/** Writes a new file. @returns bytes written */
async function writeMember(member: Member, target: string, label: string, allowed: number): Promise<number> {
  mkdirSync(dirname(target), { recursive: true })
  const file = openSync(target, 'wx')
  let written = 0
  try {
    for await (const chunk of member.contents()) {
      written += chunk.length
      if (written > allowed) {
        throw dataError(`${label} holds more than is expected of a data set, or unpacks without end`, byHand)
      }
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
    }
    return written
  } finally {
    closeSync(file)
  }
}

function problemOf(error: unknown, folder: string, label: string): RankBenchError {
  if (error instanceof RankBenchError) return error
  if (isSystemError(error)) {
    if (error.code === 'EEXIST') return dataError(`${label} holds a file twice`, byHand)
    return error.path?.startsWith(folder)
      ? fileProblem('the temporary folder', error, 'name another one with TMPDIR')
      : fileProblem(label, error)
  }
  const { message } = error as Error
  return dataError(
    `${label} is damaged or cut short: ${printable(message)}`,
    'copy the file again, or unpack it by hand',
  )
}

/**
 * @param label what errors call the archive
 * @throws RankBenchError(data) when it is damaged, holds links, names twice or names outside of itself, or exceeds the limits
 */
export async function extract(members: Members, folder: string, label: string, limits: ExtractLimits): Promise<void> {
  let [count, bytes] = [0, 0]
  try {
    for await (const member of members) {
      if (++count > limits.members) throw dataError(`${label} holds more than ${limits.members} files`, byHand)
      const target = targetOf(member.name, folder, label)
      if (member.kind === 'link' || member.kind === 'other') {
        throw dataError(
          `${label} holds ${printable(member.name)}, a link or a device; links in archives are not followed`,
          byHand,
        )
      }
      if (member.kind === 'folder') mkdirSync(target, { recursive: true })
      else bytes += await writeMember(member, target, label, limits.bytes - bytes)
    }
  } catch (error) {
    throw problemOf(error, folder, label)
  }
  if (count === 0) throw dataError(`${label} is an empty archive`)
}
