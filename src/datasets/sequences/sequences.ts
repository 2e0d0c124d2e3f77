/**
 * Large-MNIST: numbers of several digits one below the other (or beside each other), several numbers a sequence, all drawn afresh.
 * Grover, Wang, Zweig, Ermon, Stochastic Optimization of Sorting Networks via Continuous Relaxations, ICLR 2019: of MNIST's
 * 70,000 digits 55,000 train, 5,000 validate, 10,000 test.
 */

import type { Part } from '../../core/dataset.ts'
import type { Params } from '../../core/params.ts'
import type { Random } from '../../core/random.ts'
import { formatRef } from '../../core/selector.ts'
import { digits } from '../images/digits.ts'
import { mnist } from '../images/mnist.ts'
import type { ImageDataset, ImageParts, Images } from '../images/types.ts'
import type { SequenceBatch, SequenceDataset, SequenceSource } from './types.ts'

const bases = new Map<string, ImageDataset>([digits, mnist].map((base) => [base.name, base]))

const params = {
  base: { kind: 'choice', choices: [...bases.keys()], default: digits.name, meaning: 'where the digits are from' },
  digits: { kind: 'number', integer: true, min: 1, max: 8, default: 4, meaning: 'digits of a number' },
  n: { kind: 'number', integer: true, min: 2, max: 1_024, default: 5, meaning: 'numbers in a sequence' },
  stack: {
    kind: 'choice',
    choices: ['down', 'across'],
    default: 'down',
    meaning: 'the first digit on top, or on the left',
  },
  seed: { kind: 'number', integer: true, min: 0, default: 1, meaning: 'of generated digits' },
} as const

/** Copies a picture into a larger one, from 0 to 1. */
function paste({ pixels, width, height }: Images, picture: number, to: Float32Array, at: number, stride: number): void {
  const from = picture * width * height
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) to[at + y * stride + x] = pixels[from + y * width + x] / 255
  }
}

function sourceOf(parts: ImageParts, given: Params): SequenceSource {
  const [places, n] = [Number(given.digits), Number(given.n)]
  const { width: side, height: tall } = parts.train
  const down = given.stack === 'down'
  const [width, height] = down ? [side, tall * places] : [side * places, tall]
  const draw = (part: Part, sequences: number, random: Random): SequenceBatch => {
    const images = parts[part]
    const values = new Float64Array(sequences * n)
    const pictures = new Float32Array(sequences * n * width * height)
    for (let item = 0; item < values.length; item++) {
      for (let place = 0; place < places; place++) {
        const picture = random.integer(images.labels.length)
        values[item] = 10 * values[item] + images.labels[picture]
        paste(images, picture, pictures, item * width * height + place * (down ? tall * side : side), width)
      }
    }
    return { values, pictures }
  }
  return { width, height, n, generated: given.base === digits.name, draw }
}

/** The base at its defaults but for the seed, which only generated digits have. */
function baseOf(given: Params): { readonly base: ImageDataset; readonly params: Params } {
  const base = bases.get(String(given.base))!
  const defaults = Object.fromEntries(Object.entries(base.params).map(([param, spec]) => [param, spec.default]))
  return { base, params: 'seed' in base.params ? { ...defaults, seed: given.seed } : defaults }
}

export const sequences: SequenceDataset = {
  kind: 'sequences',
  name: 'sequences',
  title: 'sequences of numbers of several digits, as pictures: large-MNIST with base=images:mnist',
  licence: 'that of the digits',
  citation: mnist.citation,
  params,
  async digest(given, context) {
    const { base, params: own } = baseOf(given)
    return `${await base.digest(own, context)}/1/${formatRef({ name: 'sequences', params: given })}`
  },
  async open(given, context) {
    const { base, params: own } = baseOf(given)
    return sourceOf(await base.load(own, context), given)
  },
}
