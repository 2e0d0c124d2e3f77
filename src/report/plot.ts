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

/** Colour and meaning. */
export type Legend = readonly (readonly [colour: string, meaning: string])[]

const font = 'Helvetica, Arial, sans-serif'
const headerHeight = 58
const titleLine = 20
/** Width of a character of the title, on the wide side. */
const titleCharacter = 8.8

function legendMarks(legend: Legend): string {
  let x = 14
  return legend
    .map(([colour, meaning]) => {
      const at = x
      x += 34 + 7 * meaning.length
      const text = `<text x="${at + 18}" y="46" font-size="12">${escaped(meaning)}</text>`
      return `<rect x="${at}" y="36" width="12" height="12" fill="${colour}"/>${text}`
    })
    .join('')
}

/** A plot under its title and legend, so that the picture explains itself wherever it is shown. */
export function draw(name: string, title: string, legend: Legend, options: Plot.PlotOptions): Figure {
  const { document } = parseHTML('<html><body></body></html>')
  const plotted = Plot.plot({ ...options, document: document as never })
  // The style sheet is for web pages: it gives heights that other readers of SVG do not know.
  plotted.querySelector('style')?.remove()
  // Names of groups that have no role are read to nobody: the picture as a whole has a name.
  for (const named of plotted.querySelectorAll('[aria-label]')) named.removeAttribute('aria-label')
  const [width, height] = ['width', 'height'].map((side) => Number(plotted.getAttribute(side)))
  const lines = wrap(title, Math.floor((width - 28) / titleCharacter))
  const lower = (lines.length - 1) * titleLine
  const total = height + headerHeight + lower
  const size = `width="${width}" height="${total}" viewBox="0 0 ${width} ${total}"`
  const heading = lines
    .map(
      (line, i) => `<text x="14" y="${22 + i * titleLine}" font-size="16" font-weight="bold">${escaped(line)}</text>`,
    )
    .join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${font}"><rect width="100%" height="100%" fill="white"/>${heading}<g transform="translate(0,${lower})">${legendMarks(legend)}</g><g transform="translate(0,${headerHeight + lower})" font-size="12" text-anchor="middle" fill="#222">${plotted.innerHTML}</g></svg>`
  return { name, title, svg }
}

/** A name that can stand in a file name. */
export const fileName = (text: string): string =>
  text
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/-+/g, '-')
    .replaceAll(/^-|-$/g, '')
