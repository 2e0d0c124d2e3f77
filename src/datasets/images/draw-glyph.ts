/** One handwritten-looking digit: a glyph that is bent, slanted, turned, scaled and shifted, drawn with a soft pen, with noise. */

import type { Random } from '../../core/random.ts'
import { type Glyph, glyphs } from './glyphs.ts'

/** How much digits of one class differ; 0 draws them all alike. */
interface Variation {
  /** Standard deviation of grey, in parts of black. */
  readonly noise: number
  /** Furthest shift, in pixels. */
  readonly shift: number
  /** Standard deviations of slant, turn, size and bend together; 1 as people write. */
  readonly distortion: number
}

type Point = readonly [x: number, y: number]

/** A smooth map of the square: slant, turn and size about the middle, and a wave along each axis. */
function bending({ distortion, shift }: Variation, side: number, random: Random): (point: Point) => Point {
  const normal = (deviation: number) => distortion * deviation * random.normal()
  const [turn, slant] = [normal(0.13), normal(0.22)]
  const [wide, high] = [Math.exp(normal(0.12)), Math.exp(normal(0.09))]
  const [waveX, waveY, phaseX, phaseY] = [normal(0.035), normal(0.035), random.uniform(), random.uniform()]
  const [dx, dy] = [shift * (2 * random.uniform() - 1), shift * (2 * random.uniform() - 1)]
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)]
  return ([px, py]) => {
    const x = wide * (px - 0.5 + waveX * Math.sin(2 * Math.PI * (py + phaseX)))
    const y = high * (py - 0.5 + waveY * Math.sin(2 * Math.PI * (px + phaseY)))
    const leaning = x - slant * y
    return [side * (0.5 + cos * leaning - sin * y) + dx, side * (0.5 + sin * leaning + cos * y) + dy]
  }
}

/** Squared distance of a point from the line between two others. */
function distance2(x: number, y: number, [ax, ay]: Point, [bx, by]: Point): number {
  const [vx, vy] = [bx - ax, by - ay]
  const length2 = vx * vx + vy * vy
  const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * vx + (y - ay) * vy) / length2))
  return (x - ax - t * vx) ** 2 + (y - ay - t * vy) ** 2
}

/** Squared distance of every pixel from the nearest line; only pixels that the pen may touch are looked at. */
function distances(glyph: Glyph, bend: (point: Point) => Point, side: number, reach: number): Float64Array {
  const nearest = new Float64Array(side * side).fill(Number.POSITIVE_INFINITY)
  const within = (low: number, high: number) => [
    Math.max(0, Math.floor(low - reach)),
    Math.min(side - 1, Math.ceil(high + reach)),
  ]
  for (const stroke of glyph) {
    const points = stroke.map(bend)
    for (let i = 1; i < points.length; i++) {
      const [a, b] = [points[i - 1], points[i]]
      const [left, right] = within(Math.min(a[0], b[0]), Math.max(a[0], b[0]))
      const [top, bottom] = within(Math.min(a[1], b[1]), Math.max(a[1], b[1]))
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const at = y * side + x
          nearest[at] = Math.min(nearest[at], distance2(x + 0.5, y + 0.5, a, b))
        }
      }
    }
  }
  return nearest
}

/** Writes a picture of `side` x `side` of the digit to `pixels`. */
export function drawDigit(digit: number, variation: Variation, side: number, random: Random, pixels: Uint8Array): void {
  const ways = glyphs[digit]
  const glyph = ways[random.integer(ways.length)]
  const pen = (side / 28) * (1.15 + 0.35 * variation.distortion * (2 * random.uniform() - 1))
  const nearest = distances(glyph, bending(variation, side, random), side, pen + 1)
  for (let at = 0; at < pixels.length; at++) {
    // The edge of a stroke is one pixel wide.
    const ink = Math.min(1, Math.max(0, pen + 0.5 - Math.sqrt(nearest[at])))
    const grey = ink + variation.noise * random.normal()
    pixels[at] = Math.round(255 * Math.min(1, Math.max(0, grey)))
  }
}
