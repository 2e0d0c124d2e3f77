/**
 * The frames exchanged with a peer process; no I/O here.
 *
 *   4 bytes      header length, little-endian
 *   header       JSON object; `blocks` lists the byte lengths of what follows
 *   blocks       raw numbers in the machine's own byte order: both ends share the machine
 *
 * worker.py holds the other end.
 */

import { RankBenchError } from '../../core/errors.ts'

export interface Frame {
  readonly header: Readonly<Record<string, unknown>>
  /** Each block owns its memory, so it can be viewed as any typed array. */
  readonly blocks: readonly Uint8Array<ArrayBuffer>[]
}

/** Feed with whatever arrived; answers with the frames completed by it. @throws RankBenchError(peer) on anything else. */
type FrameDecoder = (chunk: Uint8Array) => Frame[]

const prefixBytes = 4
/** Headers hold names and samples. A larger length is text that something printed into the stream. */
const maxHeaderBytes = 2 ** 24
const maxBlockBytes = 2 ** 31

const notFrames = (what: string): RankBenchError =>
  new RankBenchError('peer', `the peer process wrote something that is not rank-bench's protocol: ${what}`)

/** The chunks of one frame, to be written in order; blocks are passed through, not copied. */
export function encodeFrame(
  header: Readonly<Record<string, unknown>>,
  blocks: readonly ArrayBufferView[] = [],
): Uint8Array[] {
  const text = Buffer.from(JSON.stringify({ ...header, blocks: blocks.map((block) => block.byteLength) }))
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeUInt32LE(text.byteLength)
  const raw = blocks.map((block) => new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
  return [Buffer.concat([prefix, text]), ...raw]
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; lengths: number[] } {
  let header: unknown
  try {
    header = JSON.parse(Buffer.from(bytes).toString())
  } catch {
    throw notFrames(
      `a header that is not JSON: ${JSON.stringify(Buffer.from(bytes.subarray(0, 60)).toString('latin1'))}`,
    )
  }
  const lengths = (header as { blocks?: unknown } | null)?.blocks
  if (!Array.isArray(lengths)) throw notFrames('a header without "blocks"')
  const bad = lengths.find((length) => !Number.isInteger(length) || length < 0 || length > maxBlockBytes)
  if (bad !== undefined) throw notFrames(`a block of ${JSON.stringify(bad)} bytes`)
  return { header: header as Record<string, unknown>, lengths }
}

/** Bytes that arrived and were not taken yet. Joined once a take, so many small chunks stay linear. */
function byteQueue() {
  let chunks: Uint8Array[] = []
  let held = 0
  return {
    put(chunk: Uint8Array) {
      chunks.push(chunk)
      held += chunk.byteLength
    },
    /** The first `size` bytes in memory of their own, or nothing when fewer have arrived. */
    take(size: number): Uint8Array<ArrayBuffer> | undefined {
      if (held < size) return undefined
      const taken = new Uint8Array(size)
      let filled = 0
      let used = 0
      while (filled < size) {
        const part = chunks[used].subarray(0, size - filled)
        taken.set(part, filled)
        filled += part.byteLength
        if (part.byteLength === chunks[used].byteLength) used++
        else chunks[used] = chunks[used].subarray(part.byteLength)
      }
      chunks = chunks.slice(used)
      held -= size
      return taken
    },
  }
}

type Awaiting =
  | { readonly part: 'length' }
  | { readonly part: 'header'; readonly size: number }
  | {
      readonly part: 'blocks'
      readonly header: Record<string, unknown>
      readonly lengths: readonly number[]
      readonly blocks: Uint8Array<ArrayBuffer>[]
    }

const sizeOf = (awaiting: Awaiting): number => {
  if (awaiting.part === 'length') return prefixBytes
  return awaiting.part === 'header' ? awaiting.size : awaiting.lengths[awaiting.blocks.length]
}

function afterLength(bytes: Uint8Array): Awaiting {
  const size = new DataView(bytes.buffer).getUint32(0, true)
  if (size <= maxHeaderBytes) return { part: 'header', size }
  throw notFrames(`it begins with ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`)
}

function advance(awaiting: Awaiting, bytes: Uint8Array<ArrayBuffer>): Awaiting {
  if (awaiting.part === 'length') return afterLength(bytes)
  if (awaiting.part === 'header') return { part: 'blocks', ...parseHeader(bytes), blocks: [] }
  return { ...awaiting, blocks: [...awaiting.blocks, bytes] }
}

/** Frames from chunks cut anywhere. */
export function createFrameDecoder(): FrameDecoder {
  const queue = byteQueue()
  let awaiting: Awaiting = { part: 'length' }
  return (chunk) => {
    queue.put(chunk)
    const frames: Frame[] = []
    for (;;) {
      if (awaiting.part === 'blocks' && awaiting.blocks.length === awaiting.lengths.length) {
        frames.push({ header: awaiting.header, blocks: awaiting.blocks })
        awaiting = { part: 'length' }
      }
      const bytes = queue.take(sizeOf(awaiting))
      if (!bytes) return frames
      awaiting = advance(awaiting, bytes)
    }
  }
}
