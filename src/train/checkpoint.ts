/**
 * A training as bytes: everything that the next step depends on, so that a training that was killed goes on as if it had not been.
 * A line of JSON says how long each array is; the arrays follow, 64-bit floats in the order of this machine.
 */

interface TrainingState {
  /** Counters and curves, by name. */
  readonly numbers: Readonly<Record<string, readonly number[]>>
  readonly arrays: readonly Float64Array[]
}

const bytesOf = (array: Float64Array): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

/** JSON has no infinities: numbers travel with the arrays. */
export function encodeState({ numbers, arrays }: TrainingState): Uint8Array {
  const all = [...Object.values(numbers).map((each) => Float64Array.from(each)), ...arrays]
  const header = JSON.stringify({ names: Object.keys(numbers), lengths: all.map(({ length }) => length) })
  const head = new TextEncoder().encode(`${header}\n`)
  const bytes = new Uint8Array(head.length + all.reduce((sum, each) => sum + each.byteLength, 0))
  bytes.set(head)
  let at = head.length
  for (const each of all) {
    bytes.set(bytesOf(each), at)
    at += each.byteLength
  }
  return bytes
}

/** Undefined for bytes that are no whole state: the training then starts over. */
export function decodeState(bytes: Uint8Array): TrainingState | undefined {
  const end = bytes.indexOf(10)
  if (end < 0) return undefined
  try {
    const { names, lengths } = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end))) as {
      names: readonly string[]
      lengths: readonly number[]
    }
    const total = lengths.reduce((sum, length) => sum + length, 0)
    if (bytes.length !== end + 1 + total * Float64Array.BYTES_PER_ELEMENT) return undefined
    // A copy begins at a multiple of 8, where the file does not. The slice of a Buffer is no copy.
    const flat = new Float64Array(new Uint8Array(bytes.subarray(end + 1)).buffer)
    let at = 0
    const all = lengths.map((length) => {
      at += length
      return flat.slice(at - length, at)
    })
    return {
      numbers: Object.fromEntries(names.map((name, i) => [name, Array.from(all[i])])),
      arrays: all.slice(names.length),
    }
  } catch {
    return undefined
  }
}
