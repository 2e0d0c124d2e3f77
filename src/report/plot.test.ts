import { describe, expect, test } from 'vitest'
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

test('the name of a panel stands above its frame, where no line goes', () => {
  const { place, options, rows, names } = panels(['first', 'second'], 1, 150, ({ set }: (typeof points)[number]) => set)
  const { svg } = draw('name', 'title', [], {
    width: 300,
    height: 150 * rows,
    ...options,
    marks: [Plot.frame(), Plot.line(points, { x: 'x', y: 'y', ...place }), names],
  })
  const frames = numbersIn(/<rect[^>]* x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g, svg).filter(
    ([, y]) => y > 0,
  )
  const baseline = [
    ...svg.matchAll(/<text[^>]*y="([^"]+)"[^>]*transform="translate\([\d.]+,([\d.]+)\)"[^>]*>(first|second)</g),
  ]
  expect(rows).toBe(2)
  expect(frames.length).toBeGreaterThan(0)
  expect(baseline.length).toBe(2)
})
