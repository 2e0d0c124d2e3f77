import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createFrameDecoder, encodeFrame, type Frame } from './protocol.ts'

/** `bytes` cut after every given count, cycling through the counts. */
function cut(bytes: Uint8Array, counts: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let start = 0, i = 0; start < bytes.length; i++) {
    chunks.push(bytes.subarray(start, start + counts[i % counts.length]))
    start += counts[i % counts.length]
  }
  return chunks
}

const decodeAll = (chunks: readonly Uint8Array[]): Frame[] => {
  const decode = createFrameDecoder()
  return chunks.flatMap((chunk) => decode(chunk))
}

const frames = fc.array(
  fc.record({
    name: fc.string(),
    blocks: fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 4 },
)

describe('peer frames', () => {
  test('come back whole however the stream is cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1 }), (sent, counts) => {
        const bytes = Buffer.concat(sent.flatMap(({ name, blocks }) => encodeFrame({ name }, blocks)))
        const received = decodeAll(cut(bytes, counts))
        expect(received.map((frame) => frame.header.name)).toEqual(sent.map(({ name }) => name))
        expect(received.map((frame) => frame.blocks.map((block) => [...block]))).toEqual(
          sent.map(({ blocks }) => blocks.map((block) => [...block])),
        )
      }),
    )
  })
  test('give blocks that can be viewed as floats wherever they began', () => {
    const [frame] = decodeAll([
      Buffer.concat(encodeFrame({ odd: 'abc' }, [Uint8Array.of(7), Float64Array.of(0.1, -2)])),
    ])
    expect([...new Float64Array(frame.blocks[1].buffer)]).toEqual([0.1, -2])
  })
  test('send only the part of a buffer that a view shows', () => {
    const view = Float32Array.of(1, 2, 3, 4).subarray(1, 3)
    const [frame] = decodeAll(encodeFrame({}, [view]))
    expect([...new Float32Array(frame.blocks[0].buffer)]).toEqual([2, 3])
  })
  test('refuse printed text, naming what arrived', () => {
    expect(() => decodeAll([Buffer.from('Traceback (most recent call last)')])).toThrow(/begins with "Trac"/)
  })
  test('refuse a header that is not JSON or lists no blocks', () => {
    const framed = (text: string) => Buffer.concat([Uint8Array.of(text.length, 0, 0, 0), Buffer.from(text)])
    expect(() => decodeAll([framed('{"id"')])).toThrow(/not JSON/)
    expect(() => decodeAll([framed('null')])).toThrow(/without "blocks"/)
    expect(() => decodeAll([framed('{"blocks":[-1]}')])).toThrow(/a block of -1 bytes/)
  })
})
