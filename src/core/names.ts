/**
 * Names of queries and documents, kept as the bytes their files hold. Text that is UTF-8 is itself; a byte that is not
 * becomes the lone surrogate U+DC00 + byte, as Python's surrogateescape does (PEP 383), so that names which differ in
 * one byte stay two names and go back to the bytes they came from.
 */

const escapeBase = 0xdc00

/** Smallest and largest second byte of a sequence, by its first: Unicode 15, table 3-7. */
function secondByte(first: number): readonly [number, number] {
  if (first === 0xe0) return [0xa0, 0xbf]
  if (first === 0xed) return [0x80, 0x9f]
  if (first === 0xf0) return [0x90, 0xbf]
  return first === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf]
}

const lengthBy = (first: number): number =>
  first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0

/** Bytes of the well-formed UTF-8 sequence at `at`; 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const length = lengthBy(bytes[at])
  if (length < 2) return length
  if (at + length > end) return 0
  const [low, high] = secondByte(bytes[at])
  if (bytes[at + 1] < low || bytes[at + 1] > high) return 0
  for (let i = at + 2; i < at + length; i++) if ((bytes[i] & 0xc0) !== 0x80) return 0
  return length
}

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')

/** The name that these bytes spell. */
export function nameOf(bytes: Uint8Array, start = 0, end = bytes.length): string {
  const whole = textOf(bytes, start, end)
  if (!whole.includes('\ufffd')) return whole
  let name = ''
  for (let at = start; at < end; ) {
    const length = sequenceLength(bytes, at, end)
    name += length === 0 ? String.fromCharCode(escapeBase + bytes[at]) : textOf(bytes, at, at + length)
    at += Math.max(1, length)
  }
  return name
}

const escaped = /[\udc80-\udcff]/u

/** The bytes of a name, or of a text that holds names. */
export function bytesOf(text: string): Uint8Array {
  if (!escaped.test(text)) return Buffer.from(text, 'utf8')
  const pieces = text.split(/([\udc80-\udcff])/u)
  return Buffer.concat(
    pieces.map((piece, i) => (i % 2 === 1 ? Buffer.of(piece.charCodeAt(0) - escapeBase) : Buffer.from(piece, 'utf8'))),
  )
}

/**
 * Order of two names by their bytes, as `strcmp` and so trec_eval (form_res_rels.c, comp_sim_docno) compares them.
 * Comparing UTF-16 units, as `<` does, would put U+FF5E before U+1F600.
 */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x === y) continue
    // Below the surrogates units are in the order of their bytes.
    return x < 0xd800 && y < 0xd800 ? x - y : Buffer.compare(bytesOf(a), bytesOf(b))
  }
  return a.length - b.length
}
