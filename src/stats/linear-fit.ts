/** The straight line of least squares. */

import { mean } from './mean.ts'

interface Point {
  readonly x: number
  readonly y: number
}

/** @param points two or more, not all at one x */
export function linearFit(points: readonly Point[]): { readonly intercept: number; readonly slope: number } {
  const [middle, level] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  const spread = mean(points.map(({ x }) => (x - middle) ** 2))
  const slope = mean(points.map(({ x, y }) => (x - middle) * (y - level))) / spread
  return { slope, intercept: level - slope * middle }
}
