import { describe, expect, test } from 'vitest'
import { operators } from '../methods/registry.ts'
import { visitedPoints } from './points.ts'

const catalogue = new Map([...operators].map(([name, { params }]) => [name, params]))
const pointsOf = (name: string) => visitedPoints(operators.get(name)!.params, catalogue)

describe('the points that laws try', () => {
  test.each([
    ['loss:topk-cross-entropy', 'operator'],
    ['loss:permutation-cross-entropy', 'matrix'],
    ['loss:spearman', 'rank'],
  ])(
    'of %s are every method, each of its parameters, and each of these with every reduction but the default',
    (name, param) => {
      const points = pointsOf(name)
      const named = new Set(points.map((point) => String(point[param])))
      const kind = param === 'rank' ? 'rank' : 'matrix'
      for (const [operator, space] of catalogue) {
        if (!operator.startsWith(`${kind}:`)) continue
        const method = operator.slice(kind.length + 1)
        expect(named).toContain(method)
        for (const inner of Object.keys(space).filter((each) => kind === 'rank' || each !== 'direction')) {
          const visited = [...named].some((selector) => selector.startsWith(method) && selector.includes(`${inner}=`))
          expect({ method, inner, visited }).toEqual({ method, inner, visited: true })
        }
      }
      for (const selector of named) {
        expect(points.some((point) => point[param] === selector && point.reduction !== 'mean')).toBe(true)
      }
    },
  )
  test('of top-k cross entropy take every relaxation with several k, so with every branch of the kernels', () => {
    const points = pointsOf('loss:topk-cross-entropy')
    for (const selector of new Set(points.map(({ operator }) => operator))) {
      expect(points.some(({ operator, p_k }) => operator === selector && p_k !== '1')).toBe(true)
    }
  })
  test('are the whole grid where that is small, and never the same twice', () => {
    expect(pointsOf('rank:permutahedron')).toHaveLength(32)
    for (const name of operators.keys()) {
      const texts = pointsOf(name).map((point) => JSON.stringify(Object.entries(point).sort()))
      expect(new Set(texts).size).toBe(texts.length)
    }
  })
})
