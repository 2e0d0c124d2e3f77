import { expect, test } from 'vitest'
import { countTick, intervalMarks, logAxis, timeTick } from './axes.ts'
import { logTicks } from './log-ticks.ts'
import { draw, Plot } from './plot.ts'

test('ticks of times say their unit', () => {
  expect([1e2, 1e3, 2e4, 1e8, 5e9].map(timeTick)).toEqual(['100 ns', '1 µs', '20 µs', '100 ms', '5 s'])
  expect([10, 1000, 10_000, 1e6].map(countTick)).toEqual(['10', '1000', '10k', '1M'])
})

test.each([
  ['one decade', [2, 18]],
  ['three decades', [0.3, 300]],
  ['eight decades', [90, 9e9]],
])('every tick over %s is labelled', (_, values) => {
  const axis = logAxis(values, 'time', (ns) => `${timeTick(ns)}.`)
  const { svg } = draw('x', 'x', [], { x: axis, marks: [Plot.dot(values, { x: (value: number) => value })] })
  const [low, high] = axis.domain as [number, number]
  expect(logTicks(low, high).length).toBeGreaterThan(2)
  for (const tick of logTicks(low, high)) expect(svg).toContain(`>${timeTick(tick)}.<`)
})

const point = (name: string, value: number, low: number, high: number) => ({
  name,
  value,
  low,
  high,
  colour: '#0072b2',
})
const picture = (points: readonly ReturnType<typeof point>[]): string =>
  draw('x', 'x', [], {
    x: { domain: [0, 10] },
    y: { type: 'point', label: null, domain: points.map(({ name }) => name) },
    marks: intervalMarks(points, 0, 10, (value) => `at ${value}`),
  }).svg
const arrows = (svg: string): number => svg.match(/rotate\(/g)?.length ?? 0

test('an interval that is cut is marked, one that is whole is not, and a point beyond the picture is written out', () => {
  expect(arrows(picture([point('whole', 5, 4, 6)]))).toBe(0)
  expect(arrows(picture([point('cut', 5, -4, 6)]))).toBe(1)
  expect(arrows(picture([point('cut twice', 5, -4, 60)]))).toBe(2)
  expect(picture([point('cut', 5, -4, 6)])).not.toContain('at 5')
  expect(picture([point('far', -3, -4, -2)])).toContain('at -3')
})
