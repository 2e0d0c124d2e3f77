/** dist/operators.json is enough for a host in another language: one that reads nothing else gets the reference's answers. */

import { describe, expect, test } from 'vitest'
import { resolveParams } from '../src/core/params.ts'
import { randomStream } from '../src/core/random.ts'
import { raggedShape } from '../src/core/shape.ts'
import { operators } from '../src/methods/registry.ts'
import { compute, type Described, description, firstFree, type Given, readBy, variantFor } from './house/json-host.ts'

type Params = Record<string, number | string | boolean>

const random = randomStream(1, 'operators.json')
const lengths = [7, 1, 12]
const given: Given = {
  rows: lengths.map((n) => Array.from({ length: n }, () => 2 * random.normal())),
  labels: lengths.map((n) => Array.from({ length: n }, () => random.integer(3))),
  cotangent: (entries) => Float64Array.from({ length: entries }, (_, i) => Math.sin(1 + i)),
}

/** The defaults, and every other choice of each parameter that the kernels read. */
function pointsOf(name: string, described: Described): Params[] {
  const space = operators.get(name)!.params
  // How lists are summed up is the host's own: here each stands for itself.
  const fixed = 'reduction' in space ? { reduction: 'none' } : {}
  const point = (change: Params) => resolveParams(space, { ...fixed, ...change }, name) as Params
  const read = readBy(described)
  const others = Object.entries(described.params).flatMap(([param, { choices = [], default: preset }]) =>
    read.has(param) ? choices.filter((choice) => choice !== preset).map((choice) => point({ [param]: choice })) : [],
  )
  return [point({}), ...others]
}

function referenceOf(name: string, params: Params) {
  const plan = operators.get(name)!.plan(raggedShape(lengths), params, 'f64')
  plan.values.set(given.rows.flat())
  plan.labels?.set(given.labels.flat())
  plan.cotangent.set(Float64Array.from(given.cotangent(plan.cotangent.length)))
  plan.forward()
  plan.backward()
  const answer = { output: Float64Array.from(plan.output), gradient: Float64Array.from(plan.gradient) }
  plan.dispose()
  return answer
}

/** Largest difference, relative to the largest entry. */
function apart(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length)
  const scale = Math.max(1, ...Array.from(expected, Math.abs))
  return Math.max(0, ...Array.from(expected, (value, i) => Math.abs(value - found[i]) / scale))
}

test('every operator is there: with its kernels, with what it is made of, or as one that has none', () => {
  const { operators: described, composed, reference } = description
  const all = [...Object.keys(described), ...Object.keys(composed), ...reference]
  expect(all.sort()).toEqual([...operators.keys()].sort())
  // What the engine runs has kernels, its own or those of what it is made of.
  expect(reference.filter((name) => operators.get(name)!.fast)).toEqual([])
  for (const { of } of Object.values(composed)) {
    const [operator] = of.split(':')
    expect(Object.keys(described).some((name) => name.startsWith(`${operator}:`))).toBe(true)
  }
})

test('the module says where free memory starts, and its constants leave the reserved page to it', () => {
  expect(firstFree).toBeGreaterThan(0)
  expect(firstFree).toBeLessThanOrEqual(description.module.reservedBytes)
})

test('every slot and every table says what it holds', () => {
  expect(Object.entries(description.slots).filter(([, { is }]) => !is)).toEqual([])
  const tables = Object.values(description.operators).flatMap(({ kernels }) =>
    kernels.flatMap(({ set }) =>
      Object.values(set).flatMap((source) => (typeof source === 'object' && 'table' in source ? [source.table] : [])),
    ),
  )
  expect([...new Set(tables)].filter((table) => !description.tables[table])).toEqual([])
})

describe.each(Object.entries(description.operators))('%s', (name, described) => {
  const covered = pointsOf(name, described).flatMap((params) => {
    const variant = variantFor(described, params, Math.max(...lengths))
    return variant ? [{ params, variant }] : []
  })
  test('is computed by a host that reads the description alone', () => {
    expect(covered.length).toBeGreaterThan(0)
    for (const { params, variant } of covered) {
      const [found, expected] = [compute(described, variant, params, given), referenceOf(name, params)]
      // Iterations end where rounding lets them: the loosest of them agree to a few parts in a billion.
      expect([apart(found.output, expected.output), JSON.stringify(params)]).toEqual([
        expect.closeTo(0, 7),
        JSON.stringify(params),
      ])
      expect([apart(found.gradient, expected.gradient), JSON.stringify(params)]).toEqual([
        expect.closeTo(0, 7),
        JSON.stringify(params),
      ])
    }
  })
})
