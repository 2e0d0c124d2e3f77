import { setImmediate } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { operators } from '../methods/registry.ts'
import { brokenLaws, certify } from './certificate.ts'

// Every law, fewer rows than `rank-bench check` tries: this is the suite that runs on every change.
const options = { seed: 1, rows: 60 }

// The collector gets its turn at the plans that are done with.
afterEach(() => setImmediate())

const points = [...operators].flatMap(([name, spec]) =>
  spec.fast
    ? [[name, 'fast', spec] as const, [name, 'reference', spec] as const]
    : [[name, 'reference', spec] as const],
)

describe.each(points)('%s, %s', (name, engine, spec) => {
  test.each(['f64', 'f32'] as const)('keeps every law it is bound to, in %s', (precision) => {
    const certificate = certify({ name, spec, precision, operators, execution: { engine } }, options)
    expect(brokenLaws(certificate)).toEqual([])
    expect(certificate.verdicts.filter(({ status }) => status === 'holds').length).toBeGreaterThan(5)
    expect(certificate.verdicts.filter(({ status }) => status === 'inconclusive')).toEqual([])
  })
  test('offers forward mode', () => {
    expect(spec.plan({ offsets: Uint32Array.from([0, 2]) }, certifyDefaults(spec.params), 'f64').tangents).toBeDefined()
  })
})

function certifyDefaults(space: Record<string, { default: number | string | boolean }>) {
  return Object.fromEntries(Object.entries(space).map(([name, spec]) => [name, spec.default]))
}
