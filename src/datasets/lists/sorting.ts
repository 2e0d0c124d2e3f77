/** Generated lists of numbers: what operators are timed on. */

import type { ListData, ListDataset } from '../../core/dataset.ts'
import { usageError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import { type Random, randomStream } from '../../core/random.ts'
import { formatRef } from '../../core/selector.ts'
import { descendingAdversarial } from './sorting-adversarial.ts'

function fillAdversarial(row: Float64Array, random: Random): void {
  row.set(random.shuffle(Array.from(descendingAdversarial(row.length))))
}

/** Raised for a distribution when it draws other numbers, so that stored results of the others stay valid. */
const versionOf = ({ distribution }: Params): number => (distribution === 'adversarial' ? 2 : 1)

/** Fills one row. */
type Fill = (row: Float64Array, random: Random) => void

const gaussian: Fill = (row, random) => {
  for (let i = 0; i < row.length; i++) row[i] = random.normal()
}

const uniform: Fill = (row, random) => {
  for (let i = 0; i < row.length; i++) row[i] = random.uniform()
}

/** Ascending, with one item in twenty exchanged with another. */
const nearlySorted: Fill = (row, random) => {
  gaussian(row, random)
  row.sort()
  for (let swap = 0; swap < row.length / 20; swap++) {
    const [i, j] = [random.integer(row.length), random.integer(row.length)]
    const held = row[i]
    row[i] = row[j]
    row[j] = held
  }
}

/** About ten items share each value. */
const tied: Fill = (row, random) => {
  const levels = Math.max(1, Math.ceil(row.length / 10))
  for (let i = 0; i < row.length; i++) row[i] = random.integer(levels)
}

const distributions: Readonly<Record<string, Fill>> = {
  gaussian,
  uniform,
  'nearly-sorted': nearlySorted,
  tied,
  adversarial: fillAdversarial,
}

/** Values in all rows together: 1 GiB of them in f64. */
const mostValues = 2 ** 27

const params = {
  batch: { kind: 'number', integer: true, min: 0, max: mostValues, default: 1, meaning: 'rows' },
  n: {
    kind: 'number',
    integer: true,
    min: 0,
    max: mostValues,
    default: 100,
    meaning: 'items of a row; the longest row when ragged',
  },
  distribution: {
    kind: 'choice',
    choices: Object.keys(distributions),
    default: 'gaussian',
    meaning: 'how values are drawn',
  },
  scale: { kind: 'number', min: 0, default: 1, meaning: 'factor on every value' },
  offset: { kind: 'number', default: 0, meaning: 'added to every value' },
  ragged: { kind: 'flag', default: false, meaning: 'rows of 1 to n items instead of n' },
  lengths: {
    kind: 'choice',
    choices: ['uniform', 'letor'],
    default: 'uniform',
    meaning:
      'of ragged rows: all alike, or as queries of MQ2008 have documents, most of them few: from 5 on, 20 on average',
  },
} as const

const uniformLength = (random: Random, n: number): number => 1 + random.integer(n)

const letorLength = (random: Random, n: number): number =>
  Math.min(n, 5 + Math.floor(-15 * Math.log(1 - random.uniform())))

/** The parameters as they are written in names; one that came later is left out at its default, so that names stay. */
const named = ({ lengths, ...others }: Params): Params => (lengths === 'letor' ? { ...others, lengths } : others)

/** @throws RankBenchError(usage) for more values than a plan may hold; offsets of rows are 32-bit numbers and would wrap */
function requireRoom({ batch, n }: Params): void {
  if (Number(batch) * Number(n) <= mostValues) return
  throw usageError(`sorting[batch=${batch},n=${n}]: ${Number(batch) * Number(n)} values; at most ${mostValues} in all`)
}

/** Row boundaries: a function of the parameters only, so that all inputs of a cell have one shape. */
function offsetsOf(given: Params): Uint32Array {
  requireRoom(given)
  const [batch, n] = [Number(given.batch), Number(given.n)]
  const random = randomStream(0, `sorting/lengths/${batch}/${n}`)
  const offsets = new Uint32Array(batch + 1)
  const length = given.lengths === 'letor' ? letorLength : uniformLength
  for (let q = 0; q < batch; q++) offsets[q + 1] = offsets[q] + (given.ragged && n > 0 ? length(random, n) : n)
  return offsets
}

function generate(given: Params, seed: number): ListData {
  const random = randomStream(seed, formatRef({ name: `sorting/${versionOf(given)}`, params: named(given) }))
  const offsets = offsetsOf(given)
  const values = new Float64Array(offsets[offsets.length - 1])
  const fill = distributions[String(given.distribution)]
  for (let q = 0; q < offsets.length - 1; q++) fill(values.subarray(offsets[q], offsets[q + 1]), random)
  for (let i = 0; i < values.length; i++) values[i] = Number(given.scale) * values[i] + Number(given.offset)
  return { offsets, values }
}

export const sorting: ListDataset = {
  kind: 'lists',
  name: 'sorting',
  title: 'generated lists of numbers',
  licence: 'none needed: generated',
  citation: '',
  params,
  digest: async (given) => {
    requireRoom(given)
    return `generated/${versionOf(given)}/${formatRef({ name: 'sorting', params: named(given) })}`
  },
  generate,
}
