/** Generated digits: what stands in for MNIST where there is none. */

import type { Params } from '../../core/params.ts'
import { randomStream } from '../../core/random.ts'
import { formatRef } from '../../core/selector.ts'
import { drawDigit } from './draw-glyph.ts'
import { partsOf } from './parts.ts'
import type { ImageDataset, Images } from './types.ts'

const most = 1_000_000

const params = {
  train: {
    kind: 'number',
    integer: true,
    min: 120,
    max: most,
    default: 6000,
    meaning: 'pictures to learn from; the last twelfth of them validates',
  },
  test: { kind: 'number', integer: true, min: 10, max: most, default: 1000, meaning: 'pictures to be judged by' },
  noise: { kind: 'number', min: 0, max: 1, default: 0.08, meaning: 'standard deviation of grey, in parts of black' },
  shift: { kind: 'number', min: 0, max: 14, default: 2, meaning: 'furthest shift, in pixels' },
  distortion: {
    kind: 'number',
    min: 0,
    max: 3,
    default: 1,
    meaning: 'how much slant, turn, size and bend differ; 0 not at all',
  },
  seed: { kind: 'number', integer: true, min: 0, default: 1, meaning: 'the data is a function of its parameters only' },
} as const

const name = 'digits'
const side = 28
const classes = 10

/** Classes in turn, in an order that is drawn. */
function generate(count: number, given: Params, part: string): Images {
  const random = randomStream(Number(given.seed), `${name}/1/${part}`)
  const [noise, shift, distortion] = [given.noise, given.shift, given.distortion].map(Number)
  const labels = random.shuffle(Uint8Array.from({ length: count }, (_, i) => i % classes))
  const pixels = new Uint8Array(count * side * side)
  for (let i = 0; i < count; i++) {
    const own = pixels.subarray(i * side * side, (i + 1) * side * side)
    drawDigit(labels[i], { noise, shift, distortion }, side, random, own)
  }
  return { width: side, height: side, pixels, labels }
}

export const digits: ImageDataset = {
  kind: 'images',
  name,
  title: 'generated digits, 28 x 28, bent, shifted and with noise',
  licence: 'none needed: generated',
  citation: '',
  params,
  classes,
  digest: async (given) => `generated/1/${formatRef({ name, params: given })}`,
  load: async (given) =>
    partsOf(generate(Number(given.train), given, 'train'), generate(Number(given.test), given, 'test')),
}
