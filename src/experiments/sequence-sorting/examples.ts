/** What a picture of sorted sequences is drawn from, kept with the accuracy of a cell: the first test sequences and their places. */

import type { Measure, Measures } from '../../core/measure.ts'
import type { Observation } from '../../core/result.ts'
import { sampled } from '../facts.ts'
import { orderOf } from './loss.ts'

/** Some sequences as they were tested. */
interface Tested {
  readonly values: Float64Array
  /** As `values`, width x height numbers each, from 0 to 1. */
  readonly pictures: Float32Array
  readonly scores: ArrayLike<number>
}

interface Size {
  readonly width: number
  readonly height: number
  /** Numbers in a sequence. */
  readonly n: number
}

/** Sequences are few and no longer than a reader compares at a glance. */
const [mostSequences, mostPictures] = [3, 30]
/** A picture with more pixels is kept at half its size, or a quarter. */
const mostPixels = 1024

/** Grey in two bits, 26 pixels a number: what a double holds exactly. */
const [levels, pixelsInNumber] = [4, 26]

export interface Bitmap {
  readonly width: number
  readonly height: number
  /** Row by row, from 0 (background) to 3. */
  readonly pixels: readonly number[]
}

/** Each pixel the mean of four; an odd last row or column is left out. */
function halved({ width, height, pixels }: Bitmap): Bitmap {
  const [half, low] = [width >> 1, height >> 1]
  const mean = (x: number, y: number) => {
    const at = 2 * y * width + 2 * x
    return (pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1]) / 4
  }
  const small = Array.from({ length: half * low }, (_, i) => mean(i % half, Math.floor(i / half)))
  return { width: half, height: low, pixels: small }
}

/** As large as is kept. */
function shrunk(bitmap: Bitmap): Bitmap {
  return bitmap.pixels.length > mostPixels ? shrunk(halved(bitmap)) : bitmap
}

const packedLength = (pixels: number): number => Math.ceil(pixels / pixelsInNumber)

function pack(greys: readonly number[]): number[] {
  const quantised = greys.map((grey) => Math.max(0, Math.min(levels - 1, Math.round(grey * (levels - 1)))))
  return Array.from({ length: packedLength(greys.length) }, (_, i) =>
    quantised
      .slice(i * pixelsInNumber, (i + 1) * pixelsInNumber)
      .reduceRight((packed, level) => packed * levels + level, 0),
  )
}

function unpack(numbers: readonly number[], pixels: number): number[] {
  return numbers
    .flatMap((packed) => Array.from({ length: pixelsInNumber }, (_, k) => Math.floor(packed / levels ** k) % levels))
    .slice(0, pixels)
}

/** Ranks of the scores within a sequence, 1 for the smallest. */
function placesOf(scores: ArrayLike<number>, start: number, n: number): number[] {
  const places = new Array<number>(n)
  orderOf(scores, start, n, false).forEach((item, position) => {
    places[item] = position + 1
  })
  return places
}

/** Nothing of sequences that are too long to be looked at. */
export function exampleObservations({ values, pictures, scores }: Tested, { width, height, n }: Size): Observation[] {
  const sequences = Math.min(mostSequences, Math.floor(mostPictures / n), values.length / n)
  if (sequences === 0) return []
  const size = width * height
  const bitmaps = Array.from({ length: sequences * n }, (_, i) =>
    shrunk({ width, height, pixels: Array.from(pictures.subarray(i * size, (i + 1) * size)) }),
  )
  const places = Array.from({ length: sequences }, (_, i) => placesOf(scores, i * n, n))
  return [
    sampled('example:values', Array.from(values.subarray(0, sequences * n))),
    sampled('example:places', places.flat()),
    sampled('example:size', [bitmaps[0].width, bitmaps[0].height]),
    sampled(
      'example:pictures',
      bitmaps.flatMap(({ pixels }) => pack(pixels)),
    ),
  ]
}

const kept = (meaning: string): Measure => ({ unit: '1', better: 'neither', value: 'mean', meaning })

export const exampleMeasures: Measures = {
  'example:values': kept('numbers of the first test sequences'),
  'example:places': kept('their places by the scores, 1 for the smallest'),
  'example:size': kept('width and height of their pictures, which are kept small'),
  'example:pictures': kept(
    `their pixels in ${levels} greys, ${pixelsInNumber} a number, the first one in the lowest bits`,
  ),
}

/** A number of a sequence: what it is, what it looks like and where it was put. */
export interface Shown {
  readonly value: number
  readonly bitmap: Bitmap
  /** From 1. */
  readonly place: number
}

/** Sequences as they were tested. @param sampleOf the samples of an observation, by its name */
export function examplesOf(n: number, sampleOf: (metric: string) => readonly number[] | undefined): Shown[][] {
  const names = ['example:values', 'example:places', 'example:size', 'example:pictures']
  const [values, places, size, packed] = names.map((name) => sampleOf(name) ?? [])
  if (values.length === 0 || size.length !== 2) return []
  const [width, height] = size
  const length = packedLength(width * height)
  const shown = values.map((value, i): Shown => {
    const pixels = unpack(packed.slice(i * length, (i + 1) * length), width * height)
    return { value, place: places[i], bitmap: { width, height, pixels } }
  })
  return Array.from({ length: values.length / n }, (_, i) => shown.slice(i * n, (i + 1) * n))
}
