import { describe, expect, test } from 'vitest'
import { rankBench } from './harness.ts'

const apply = (...args: string[]) => rankBench(['apply', ...args])

describe('rank-bench apply', () => {
  test('prints one JSON object: selector, output, gradient, warnings', () => {
    const { code, out } = apply(
      'rank:permutahedron[strength=2]',
      '--values',
      '[5,1,2]',
      '--cotangent',
      '[1,0,0]',
      '--json',
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toEqual({
      selector: 'rank:permutahedron[regularization=l2,strength=2,direction=ascending,straight-through=false]',
      engine: 'fast',
      output: [3, 1.25, 1.75],
      gradient: [0, 0, 0],
      warnings: [],
    })
  })
  test('says who computed', () => {
    const by = (...more: string[]) =>
      JSON.parse(apply('rank:sigmoid', '--values', '[5,1,2]', '--json', ...more).out).engine
    expect([by(), by('--engine', 'reference')]).toEqual(['fast', 'reference'])
    expect(apply('rank:sigmoid', '--values', '[5,1,2]').out).toMatch(/^engine {4}fast$/m)
  })
  test('leaves the gradient out without a cotangent, and keeps ragged nesting', () => {
    const { out } = apply('sort:permutahedron[strength=0.1]', '--values', '[[5,1,2],[],[7]]', '--json')
    expect(JSON.parse(out).output).toEqual([[1, 2, 5], [], [7]])
    expect(JSON.parse(out)).not.toHaveProperty('gradient')
  })
  test('answers a loss with a number and its gradient', () => {
    const { out } = apply('loss:listnet', '--values', '[2,1,0.5]', '--labels', '[0,2,1]', '--json')
    const { output, gradient } = JSON.parse(out)
    expect(output).toBeCloseTo(1.496702, 6)
    expect(gradient).toHaveLength(3)
    expect(gradient[0] + gradient[1] + gradient[2]).toBeCloseTo(0, 12)
  })
  test('answers a matrix with an array of rows, row 1 the largest value', () => {
    const { out } = apply('matrix:neuralsort', '--values', '[9,1,5,2]', '--json')
    const { output } = JSON.parse(out)
    expect(output).toHaveLength(4)
    expect(output[0][0]).toBeCloseTo(0.982012, 6)
    expect(output[3][1]).toBeCloseTo(0.731034, 6)
  })
  test('reads a file with @ and standard input with -', () => {
    expect(
      JSON.parse(rankBench(['apply', 'rank:sigmoid', '--values', '-', '--json'], { input: '[1,1]' }).out).output,
    ).toEqual([1.5, 1.5])
    expect(apply('rank:sigmoid', '--values', '@no-such-file').err).toMatch(/no-such-file: no such file or folder/)
  })
  test('takes masks, item weights and list weights together, and gives the Hessian of a loss', () => {
    const given = ['--values', '[1,2,3]', '--labels', '[1,0,1]', '--mask', '[true,true,false]', '--weights', '[2,1,9]']
    const { output, gradient, hessian } = JSON.parse(
      apply('loss:softmax', ...given, '--list-weights', '[3]', '--hessian', '--json').out,
    )
    const p = 1 / (1 + Math.exp(1))
    expect(output).toBeCloseTo(-6 * Math.log(p), 12)
    expect(gradient[2]).toBe(0)
    expect(hessian[0]).toBeCloseTo(6 * p * (1 - p), 12)
    expect(apply('rank:sigmoid', '--values', '[1,2]', '--weights', '[1,1]').err).toMatch(/takes no weights/)
    expect(apply('loss:softmax', ...given.slice(0, 4), '--mask', '[true]').err).toMatch(/mask: row 0 has 1 entries/)
  })
  test('gives an empty output for no values', () => {
    const { code, out } = apply('sort:permutahedron', '--values', '[]', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out).output).toEqual([])
  })
  test('takes --direction as the parameter of that name, and refuses a contradiction', () => {
    const { out } = apply('rank:permutahedron', '--values', '[5,1,2]', '--direction', 'descending', '--json')
    expect(JSON.parse(out).output).toEqual([1, 3, 2])
    expect(apply('rank:permutahedron[direction=ascending]', '--values', '[1]', '--direction', 'descending').code).toBe(
      2,
    )
  })
  test.each([
    ['a null', '[1,null]', /row 0, index 1 is null/],
    ['NaN', '[1,2,NaN]', /NaN.*row 0, index 2/],
    ['an infinite number', '[[1],[2,1e999]]', /row 1, index 1 is Infinity/],
    ['text', '["a"]', /row 0, index 0/],
    ['what is not JSON', '[1,', /not JSON/],
  ])('refuses %s with its place and exit 2', (_name, values, message) => {
    const { code, err } = apply('sort:permutahedron', '--values', values)
    expect(err).toMatch(message)
    expect(code).toBe(2)
  })
  test('refuses a bad parameter with its name and range, an unknown method with the nearest, exit 2', () => {
    const bad = apply('sort:permutahedron[strength=-1]', '--values', '[1]')
    expect(bad.err).toMatch(/strength is "-1"; expected number >= 0/)
    expect(bad.code).toBe(2)
    const unknown = apply('sort:permutohedron', '--values', '[1]')
    expect(unknown.err).toMatch(/did you mean sort:permutahedron/)
    expect(unknown.code).toBe(2)
  })
  test('refuses labels and cotangents of another shape', () => {
    expect(apply('loss:listnet', '--values', '[1,2]', '--labels', '[1]').code).toBe(2)
    expect(apply('loss:listnet', '--values', '[1,2]').err).toMatch(/labels/)
    expect(apply('rank:sigmoid', '--values', '[1,2]', '--cotangent', '[1]').code).toBe(2)
  })
})
