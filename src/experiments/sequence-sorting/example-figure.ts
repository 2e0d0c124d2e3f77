/** Sequences as they were shown, as they should stand, and as some operators put them. */

import { escaped } from '../../report/markup.ts'
import { type Figure, palette, titled } from '../../report/plot.ts'
import { wrap } from '../../report/wrap.ts'
import type { Bitmap, Shown } from './examples.ts'

/** What one operator made of the sequences. */
export interface Sorting {
  readonly label: string
  readonly sequences: readonly (readonly Shown[])[]
}

/** Fill of each grey but the background. */
const greys = ['', '#c4c4c4', '#757575', '#111']
/** Pixels: of a picture, least side and most of the other; between pictures, between sequences, of a line of text, of all. */
const [side, longest, gap, between, line, widest] = [36, 84, 9, 26, 14, 1080]
/** Names of rows: characters of a line, and pixels. */
const [labelCharacters, labelWidth] = [34, 232]

/** Runs of equal grey, row by row. */
function runsOf({ width, height, pixels }: Bitmap, level: number): string {
  let path = ''
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x] !== level) continue
      let length = 1
      while (x + length < width && pixels[y * width + x + length] === level) length++
      path += `M${x} ${y}h${length}v1h-${length}z`
      x += length - 1
    }
  }
  return path
}

const symbolOf = (id: string, bitmap: Bitmap): string => {
  const paths = greys
    .map((fill, level) => (level === 0 ? '' : `<path fill="${fill}" d="${runsOf(bitmap, level)}"/>`))
    .join('')
  return `<symbol id="${id}" viewBox="0 0 ${bitmap.width} ${bitmap.height}" shape-rendering="crispEdges">${paths}</symbol>`
}

/** A number of a row: which of the sequence it is, and whether it stands where it should. */
interface Standing {
  readonly item: number
  readonly right?: boolean
}

interface Row {
  readonly label: string
  /** Of each sequence, from left to right. */
  readonly standings: readonly (readonly Standing[])[]
}

const ascending = (shown: readonly Shown[]): number[] =>
  shown.map((_, i) => i).sort((a, b) => shown[a].value - shown[b].value || a - b)

/** Items by their places; right where a number of the same value belongs. */
function standingsOf(shown: readonly Shown[]): Standing[] {
  const wanted = ascending(shown)
  return shown
    .map((_, i) => i)
    .sort((a, b) => shown[a].place - shown[b].place)
    .map((item, position) => ({ item, right: shown[item].value === shown[wanted[position]].value }))
}

function rowsOf(sortings: readonly Sorting[]): Row[] {
  const { sequences } = sortings[0]
  return [
    { label: 'as shown', standings: sequences.map((shown) => shown.map((_, item) => ({ item }))) },
    { label: 'true order', standings: sequences.map((shown) => ascending(shown).map((item) => ({ item }))) },
    ...sortings.map(({ label, sequences: own }) => ({ label, standings: own.map(standingsOf) })),
  ]
}

interface Thumb {
  readonly width: number
  readonly height: number
}

const thumbOf = ({ width, height }: Bitmap): Thumb => {
  const scale = Math.min(side / Math.min(width, height), longest / Math.max(width, height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

function numberMark({ right }: Standing, value: number, id: string, x: number, y: number, thumb: Thumb): string {
  const colour = right === undefined ? '#999' : right ? palette.green : palette.vermilion
  const wrong = right === false
  const frame = `<rect x="${x - 1.5}" y="${y - 1.5}" width="${thumb.width + 3}" height="${thumb.height + 3}" fill="none" stroke="${colour}" stroke-width="${wrong ? 3 : 1.2}"/>`
  const picture = `<use href="#${id}" x="${x}" y="${y}" width="${thumb.width}" height="${thumb.height}"/>`
  const text = `<text x="${x + thumb.width / 2}" y="${y + thumb.height + line}"${wrong ? ` fill="${palette.vermilion}" font-weight="bold"` : ''}>${value}${wrong ? ' ×' : ''}</text>`
  return picture + frame + text
}

function labelMark(label: string, y: number): string {
  const lines = wrap(label, labelCharacters)
  return lines
    .map(
      (text, i) =>
        `<text x="14" y="${y + 4 + (i - (lines.length - 1) / 2) * line}" text-anchor="start">${escaped(text)}</text>`,
    )
    .join('')
}

/** @param sortings of the same sequences, at least one */
export function exampleFigure(name: string, title: string, sortings: readonly Sorting[]): Figure {
  const { sequences } = sortings[0]
  const n = sequences[0].length
  const thumb = thumbOf(sequences[0][0].bitmap)
  const [blockWidth, rowHeight] = [n * (thumb.width + gap) + between, thumb.height + line + 14]
  const columns = Math.max(1, Math.min(sequences.length, Math.floor((widest - labelWidth) / blockWidth)))
  const rows = rowsOf(sortings)
  const blockHeight = rows.length * rowHeight + between
  const id = (sequence: number, item: number) => `${name}-${sequence}-${item}`
  const symbols = sequences.flatMap((shown, s) => shown.map(({ bitmap }, item) => symbolOf(id(s, item), bitmap)))
  const bands = Array.from({ length: Math.ceil(sequences.length / columns) }, (_, band) => band)
  const marks = bands.flatMap((band) =>
    rows.flatMap(({ label, standings }, r) => {
      const y = band * blockHeight + r * rowHeight + 6
      return [
        labelMark(label, y + thumb.height / 2),
        ...standings.slice(band * columns, (band + 1) * columns).flatMap((row, column) =>
          row.map((standing, position) => {
            const sequence = band * columns + column
            const x = labelWidth + column * blockWidth + position * (thumb.width + gap)
            const { value } = sequences[sequence][standing.item]
            return numberMark(standing, value, id(sequence, standing.item), x, y, thumb)
          }),
        ),
      ]
    }),
  )
  return titled(
    name,
    title,
    [
      [palette.green, 'in its place'],
      [palette.vermilion, 'not in its place (×)'],
    ],
    {
      width: Math.max(620, labelWidth + columns * blockWidth),
      height: bands.length * blockHeight,
      marks: `<defs>${symbols.join('')}</defs>${marks.join('')}`,
    },
  )
}

/** The first, the middle and the last of what is ordered: what there is from best to worst. */
export const spreadOf = <T>(ordered: readonly T[]): T[] =>
  [...new Set([0, (ordered.length - 1) >> 1, ordered.length - 1])].flatMap((at) => ordered[at] ?? [])
