import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'

/** Prints the bytes of outputs and gradients of a ragged batch, and of many small jobs after each other. */
const script = (selector: string, precision: string, threads: number) => `
  import { plan, raggedShape } from './dist/index.js'
  import { createHash } from 'node:crypto'
  const lengths = Array.from({ length: 37 }, (_, q) => (q * 29) % 61)
  const soft = plan('${selector}', raggedShape(lengths), { precision: '${precision}', threads: ${threads} })
  if (soft.engine !== 'fast') throw new Error('not on the engine')
  const hash = createHash('sha256')
  for (let job = 0; job < 200; job++) {
    for (let i = 0; i < soft.values.length; i++) soft.values[i] = Math.sin(i * 12.9898 + job) * 3
    if (soft.labels) for (let i = 0; i < soft.labels.length; i++) soft.labels[i] = (i * 7) % 3
    soft.cotangent.fill(0.5)
    soft.forward()
    soft.backward()
    hash.update(Uint8Array.from(new Uint8Array(soft.output.buffer, soft.output.byteOffset, soft.output.byteLength)))
    hash.update(Uint8Array.from(new Uint8Array(soft.gradient.buffer, soft.gradient.byteOffset, soft.gradient.byteLength)))
    // Workers start meanwhile: early jobs run here alone, later ones on all threads.
    if (job === 20) await new Promise((done) => setTimeout(done, 200))
  }
  console.log(hash.digest('hex'))
`

const digest = (selector: string, precision: string, threads: number): string =>
  execFileSync('node', ['--input-type=module', '-e', script(selector, precision, threads)], { encoding: 'utf8' }).trim()

describe('threads', () => {
  test.each([
    'rank:permutahedron',
    'sort:permutahedron[regularization=kl]',
    'rank:sigmoid',
    'sort:neuralsort',
    'loss:lambdarank',
    'loss:listnet[reduction=none]',
  ])('%s answers the same bytes on 1, 2 and 5 threads, and the process ends', (selector) => {
    for (const precision of ['f32', 'f64']) {
      const alone = digest(selector, precision, 1)
      expect(digest(selector, precision, 2)).toBe(alone)
      expect(digest(selector, precision, 5)).toBe(alone)
    }
  })
})
