/** What the operating system answered, as a person can act on it: where, what, and the way out. */

import { dataError, type RankBenchError } from '../core/errors.ts'
import { printable } from '../core/printable.ts'

interface Meaning {
  readonly what: string
  readonly hint?: string
}

const meanings: Readonly<Record<string, Meaning>> = {
  ENOENT: { what: 'no such file or folder' },
  EACCES: { what: 'permission denied', hint: 'give yourself access, or name another place' },
  EPERM: { what: 'operation not permitted', hint: 'give yourself access, or name another place' },
  EISDIR: { what: 'is a folder; expected a file' },
  ENOTDIR: { what: 'a part of this path is a file; expected a folder' },
  ELOOP: { what: 'too many symbolic links: they lead back to themselves', hint: 'name the file itself' },
  ENAMETOOLONG: { what: 'the name is too long for the file system' },
  ENOSPC: { what: 'no space left on device', hint: 'free some space, or name another place' },
  EDQUOT: { what: 'the disk quota is used up', hint: 'free some space, or name another place' },
  EFBIG: { what: 'the file would be larger than is allowed here' },
  EROFS: { what: 'the file system is read-only', hint: 'name another place' },
  EEXIST: { what: 'is already there' },
  ENXIO: { what: 'is a socket or a device that is not there; expected a file or a pipe' },
  ENODEV: { what: 'no such device' },
  EBUSY: { what: 'is in use' },
  ETXTBSY: { what: 'is a program that runs' },
  EMFILE: { what: 'too many open files', hint: 'raise the limit (ulimit -n)' },
  ENFILE: { what: 'too many open files on this machine' },
  EIO: { what: 'the device reports an input/output error', hint: 'check the disk' },
  ESTALE: { what: 'the network file system lost it', hint: 'try again' },
  ENOTEMPTY: { what: 'the folder is not empty' },
  EXDEV: { what: 'lies on another device' },
  EBADF: { what: 'is closed' },
  EPIPE: { what: 'its reader has left' },
  ERR_INVALID_ARG_VALUE: { what: 'the path holds a zero byte' },
  ERR_FS_FILE_TOO_LARGE: { what: 'the file is larger than 2 GiB; expected a small one' },
  ERR_STRING_TOO_LONG: { what: 'the file is too large to be read as one text' },
}

/** An answer of the operating system, and not a mistake in a program. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  typeof (error as NodeJS.ErrnoException).code === 'string' &&
  ((error as NodeJS.ErrnoException).syscall !== undefined || (error as NodeJS.ErrnoException).code! in meanings)

const meaningOf = ({ code, message }: NodeJS.ErrnoException): Meaning =>
  meanings[code ?? ''] ?? { what: printable(message) }

/**
 * `<path>: permission denied`, with the way out.
 * @param hint where the caller knows a better one
 */
export function fileProblem(path: string, cause: unknown, hint?: string): RankBenchError {
  const { what, hint: usual } = meaningOf(cause as NodeJS.ErrnoException)
  return dataError(`${printable(path)}: ${what}`, hint ?? usual)
}

/** The same where only the error knows its path. */
export function systemProblem(error: NodeJS.ErrnoException): RankBenchError {
  const { path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string }
  return fileProblem(dest ?? path ?? (syscall === 'write' ? 'output' : (syscall ?? 'the operating system')), error)
}

/** Calls `work`, whose answers from the operating system become errors about `path`. @throws RankBenchError(data) */
export function onFile<T>(path: string, work: () => T, hint?: string): T {
  try {
    return work()
  } catch (cause) {
    throw isSystemError(cause) ? fileProblem(path, cause, hint) : cause
  }
}
