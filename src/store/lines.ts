/** Lines of a file of any size: memory is that of a piece of it and of the longest line. */

import { closeSync, openSync, readSync, statSync } from 'node:fs'

interface Line {
  readonly text: string
  /** Where it begins in the file, in bytes. */
  readonly offset: number
  /** Bytes, without its end. */
  readonly length: number
}

const pieceBytes = 2 ** 22

function* linesFrom(file: number): Generator<Line> {
  const piece = Buffer.allocUnsafe(pieceBytes)
  /** What came before of the line that the piece begins in. */
  let begun: Buffer[] = []
  let offset = 0
  let begunBytes = 0
  for (let got = readSync(file, piece); got > 0; got = readSync(file, piece)) {
    let start = 0
    for (let end = piece.indexOf(10, start); end >= 0 && end < got; end = piece.indexOf(10, start)) {
      const whole = begun.length === 0 ? undefined : Buffer.concat([...begun, piece.subarray(start, end)])
      const length = begunBytes + end - start
      yield { text: whole ? whole.toString('utf8') : piece.toString('utf8', start, end), offset, length }
      offset += length + 1
      ;[begun, begunBytes] = [[], 0]
      start = end + 1
    }
    if (start < got) {
      begun.push(Buffer.from(piece.subarray(start, got)))
      begunBytes += got - start
    }
  }
  if (begunBytes > 0) yield { text: Buffer.concat(begun).toString('utf8'), offset, length: begunBytes }
}

/** Every line of a regular file, the last one also where it has no end; a missing file, or a device, has none. */
export function* linesOf(path: string): Generator<Line> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return
  const file = openSync(path, 'r')
  try {
    yield* linesFrom(file)
  } finally {
    closeSync(file)
  }
}
