import { describe, expect, test } from 'vitest'
import { shareDomain } from './axes.ts'
import { type Line, lineFigure } from './line-figure.ts'
import { panels } from './panels.ts'
import { draw, type Legend, Plot, seriesColour } from './plot.ts'

const points = [
  { x: 0, y: 0, set: 'first' },
  { x: 1, y: 1, set: 'first' },
  { x: 0, y: 1, set: 'second' },
  { x: 1, y: 0, set: 'second' },
]

const numbersIn = (pattern: RegExp, svg: string): number[][] =>
  [...svg.matchAll(pattern)].map(([, ...found]) => found.map(Number))

describe('a legend', () => {
  const words = ['odd-even, logistic', 'odd-even, reciprocal', 'bitonic, optimal', 'neuralsort', 'permutahedron']
  const legend: Legend = words.map((word, i) => [seriesColour(i), word])
  const drawn = (width: number) =>
    draw('name', 'title', legend, { width, height: 100, marks: [Plot.dot(points, { x: 'x', y: 'y' })] })
  const texts = (svg: string) =>
    [...svg.matchAll(/<text x="(\d+)" y="(\d+)" font-size="12">([^<]*)</g)].map(([, x, y, word]) => ({
      left: Number(x),
      right: Number(x) + 7 * word.length,
      y: Number(y),
    }))

  test('stands in one line where there is room', () => {
    expect(new Set(texts(drawn(1000).svg).map(({ y }) => y)).size).toBe(1)
  })
  test('goes on in more lines where there is not: nothing beyond the edge, nothing over another, nothing in the plot', () => {
    const { svg } = drawn(330)
    const found = texts(svg)
    expect(found.filter(({ right }) => right > 330)).toEqual([])
    const covering = found.filter(({ y, left }, i) =>
      found.some((other, j) => j < i && other.y === y && other.right > left),
    )
    expect(covering).toEqual([])
    const [[, plotAt]] = numbersIn(/<g transform="translate\((0),(\d+)\)" font-size="12" text-anchor="middle"/g, svg)
    expect(Math.max(...found.map(({ y }) => y))).toBeLessThan(plotAt)
  })
})

test('above every panel there is room for its name, where no line goes', () => {
  const { place, options, rows, names } = panels(['first', 'second'], 1, 150, ({ set }: (typeof points)[number]) => set)
  const { svg } = draw('name', 'title', [], {
    width: 300,
    height: 150 * rows,
    ...options,
    y: { ticks: [0, 1], label: null },
    marks: [Plot.frame(), Plot.line(points, { x: 'x', y: 'y', ...place }), names],
  })
  const [[bottom], [top]] = [0, 1].map((tick) =>
    numbersIn(new RegExp(`translate\\([\\d.]+,([\\d.]+)\\)" y="0.32em">${tick}(?:\\.0)?<`, 'g'), svg).flat(),
  )
  const offsets = numbersIn(/translate\([\d.]+,([\d.]+)\)" font-variant="tabular-nums" text-anchor="end"/g, svg).flat()
  const lineOfText = 14
  expect(offsets).toHaveLength(2)
  expect(offsets[1] - offsets[0] - (bottom - top)).toBeGreaterThan(lineOfText)
  expect(top).toBeGreaterThan(2 * lineOfText)
})

describe('lines beside each other', () => {
  const lines = Array.from(
    { length: 30 },
    (_, i): Line => ({
      name: `operator ${i}`,
      points: [
        { x: 0, y: 0.01 },
        { x: 1, y: 0.1 + i / 1000 },
      ],
    }),
  )
  const axes = { x: { label: 'step' }, y: { label: 'share', type: 'share' } } as const
  const looks = (svg: string) =>
    [...svg.matchAll(/<g ([^>]*stroke-width="1.8"[^>]*)>/g)].map(([, attributes]) =>
      ['stroke', 'stroke-dasharray'].map((name) => new RegExp(`${name}="([^"]*)"`).exec(attributes)?.[1]).join(' '),
    )

  test('look like no other, thirty of them too', () => {
    const { svg } = lineFigure({ name: 'name', title: 'title' }, lines, axes)
    const found = looks(svg)
    expect(found).toHaveLength(30)
    expect(new Set(found).size).toBe(30)
  })
  test('look alike where they are said to be of one kind', () => {
    const { svg } = lineFigure({ name: 'name', title: 'title' }, lines, axes, () => 0)
    expect(new Set(looks(svg)).size).toBe(1)
  })
})

test('an axis of shares goes as far as they do, from 0 or to 1 where they come near', () => {
  expect(shareDomain([0.01, 0.1, 0.2])[0]).toBe(0)
  expect(shareDomain([0.01, 0.1, 0.2])[1]).toBeCloseTo(0.22, 12)
  expect(shareDomain([0.4, 0.95])[1]).toBe(1)
  expect(shareDomain([0.97, 0.99])[0]).toBeCloseTo(0.95, 12)
})
