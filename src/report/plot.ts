/** Pictures as SVG text, without a browser. */

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Figure } from '../core/report.ts'
import { escaped } from './markup.ts'
import { wrap } from './wrap.ts'

export type { Figure } from '../core/report.ts'
export { Plot }

/** Colours that stay apart in print and for colour-blind readers (Okabe and Ito). */
export const palette = {
  green: '#009e73',
  sky: '#56b4e9',
  orange: '#e69f00',
  vermilion: '#d55e00',
  black: '#000000',
  blue: '#0072b2',
  purple: '#cc79a7',
  grey: '#bbbbbb',
} as const

/** Colours of lines beside each other, the ones that are easiest to tell apart first. */
const series = [
  palette.blue,
  palette.vermilion,
  palette.green,
  palette.orange,
  palette.purple,
  palette.sky,
  palette.black,
  // Grey that can be read as text, too.
  '#868686',
  '#8c6d31',
]

export const seriesColour = (at: number): string => series[at % series.length]

/** How lines are broken once all colours are taken, so that two lines of one colour are not one line. */
const dashes = ['none', '7 3', '2 3', '9 3 2 3']

/** As `stroke-dasharray` has it. */
export const seriesDash = (at: number): string => dashes[Math.floor(at / series.length) % dashes.length]

/** Colour and meaning. */
export type Legend = readonly (readonly [colour: string, meaning: string])[]

const font = 'Helvetica, Arial, sans-serif'
const headerHeight = 58
const titleLine = 20
/** Width of a character of the title, on the wide side. */
const titleCharacter = 8.8

/** A line of the legend, and pixels that an entry takes besides its text. */
const [legendLine, legendMargin] = [18, 14]
const entryWidth = (meaning: string): number => 34 + 7 * meaning.length

interface Placed {
  readonly x: number
  readonly line: number
  readonly colour: string
  readonly meaning: string
}

/** Entries side by side as far as the width goes, then on another line. */
function placed(legend: Legend, width: number): Placed[] {
  let [x, line] = [legendMargin, 0]
  return legend.map(([colour, meaning]) => {
    if (x > legendMargin && x + entryWidth(meaning) - legendMargin > width) [x, line] = [legendMargin, line + 1]
    const own = { x, line, colour, meaning }
    x += entryWidth(meaning)
    return own
  })
}

const legendMark = ({ x, line, colour, meaning }: Placed): string => {
  const y = 36 + line * legendLine
  const text = `<text x="${x + 18}" y="${y + 10}" font-size="12">${escaped(meaning)}</text>`
  return `<rect x="${x}" y="${y}" width="12" height="12" fill="${colour}"/>${text}`
}

/** What is drawn, as SVG text, and how large it is. */
interface Drawing {
  readonly width: number
  readonly height: number
  readonly marks: string
}

/** A drawing under its title and legend, so that the picture explains itself wherever it is shown. */
export function titled(name: string, title: string, legend: Legend, { width, height, marks }: Drawing): Figure {
  const lines = wrap(title, Math.floor((width - 28) / titleCharacter))
  const lower = (lines.length - 1) * titleLine
  const entries = placed(legend, width)
  const header = headerHeight + lower + (entries.at(-1)?.line ?? 0) * legendLine
  const total = height + header
  const size = `width="${width}" height="${total}" viewBox="0 0 ${width} ${total}"`
  const heading = lines
    .map(
      (line, i) => `<text x="14" y="${22 + i * titleLine}" font-size="16" font-weight="bold">${escaped(line)}</text>`,
    )
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${font}"><rect width="100%" height="100%" fill="white"/>${heading}<g transform="translate(0,${lower})">${entries.map(legendMark).join('')}</g><g transform="translate(0,${header})" font-size="12" text-anchor="middle" fill="#222">${marks}</g></svg>`
  return { name, title, svg }
}

/** A plot under its title and legend. */
export function draw(name: string, title: string, legend: Legend, options: Plot.PlotOptions): Figure {
  const { document } = parseHTML('<html><body></body></html>')
  const plotted = Plot.plot({ ...options, document: document as never })
  // The style sheet is for web pages: it gives heights that other readers of SVG do not know.
  plotted.querySelector('style')?.remove()
  // Names of groups that have no role are read to nobody: the picture as a whole has a name.
  for (const named of plotted.querySelectorAll('[aria-label]')) named.removeAttribute('aria-label')
  const [width, height] = ['width', 'height'].map((side) => Number(plotted.getAttribute(side)))
  return titled(name, title, legend, { width, height, marks: plotted.innerHTML })
}

/** A name that can stand in a file name. */
export const fileName = (text: string): string =>
  text
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-|-$/g, '')
