/** Methods at comparable softness: how strong the gradient is when the answer is a tenth, a quarter, a half away from hard. */

import { left, type ReportTable, right, text, type Value } from '../../report/table.ts'
import type { RunData } from '../../results/view.ts'
import { type FidelityPoint, fidelityPoints } from './curves.ts'

const distances = [0.05, 0.1, 0.25, 0.5]

/** Log-linear between the two points of the curve on either side; undefined where the curve does not pass. */
function at(
  points: readonly FidelityPoint[],
  distance: number,
): { softness: number; snr: number; agreement: number } | undefined {
  for (let i = 1; i < points.length; i++) {
    const [low, high] = [points[i - 1], points[i]]
    if (!(low.distance <= distance && high.distance >= distance) || high.distance === low.distance) continue
    const share = (distance - low.distance) / (high.distance - low.distance)
    const between = (a: number, b: number) => (a > 0 && b > 0 ? a ** (1 - share) * b ** share : a + share * (b - a))
    return {
      softness: between(low.softness, high.softness),
      snr: between(low.snr, high.snr),
      agreement: low.agreement + share * (high.agreement - low.agreement),
    }
  }
  return undefined
}

const written = (value: number): string => (value === 0 ? '0' : Number(value.toPrecision(3)).toString())

function cells(points: readonly FidelityPoint[], distance: number): Value[] {
  const found = at(points, distance)
  if (!found) return [text('–'), text('–')]
  return [
    { text: written(found.softness), data: found.softness },
    { text: written(found.snr), data: found.snr },
  ]
}

export function fidelityTable(run: RunData): ReportTable | undefined {
  const points = fidelityPoints(run)
  if (points.length === 0) return undefined
  const names = [...new Set(points.map(({ operator, method }) => `${operator}:${method}`))]
  return {
    id: 'fidelity',
    title: 'At comparable softness',
    about: [
      'distance: from the hard answer, 1 = as far as a constant answer; softness: at values with standard deviation 1, 1 / parameter where the parameter is a steepness',
      'snr: length of the mean gradient over its scatter when the values are redrawn with a tenth of noise; larger is a clearer signal',
    ],
    columns: [
      left('operator'),
      ...distances.flatMap((distance) => [right(`softness at ${distance}`), right(`snr at ${distance}`)]),
    ],
    rows: names.map((name) => {
      const own = points
        .filter(({ operator, method }) => `${operator}:${method}` === name)
        .sort((a, b) => a.softness - b.softness)
      return [text(name), ...distances.flatMap((distance) => cells(own, distance))]
    }),
    notes: ['–: no softness on the axis gives this distance'],
  }
}
