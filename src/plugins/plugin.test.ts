import { describe, expect, test } from 'vitest'
import { kit } from './kit.ts'
import { readParts } from './plugin.ts'

const read = (exported: unknown) => () => readParts(exported, kit, 'plug-in mine.mjs')

describe('a plug-in', () => {
  const some = { datasets: [{ name: 'a', title: '', params: {}, licence: '', citation: '', kind: 'lists' }] }

  test('may be its parts, or a function from the kit to them, now or later', async () => {
    expect(await read(some)()).toBe(some)
    expect(await read((given: typeof kit) => (given === kit ? some : {}))()).toBe(some)
    expect(await read(async () => some)()).toBe(some)
  })
  test.each([
    {},
    { methods: [] },
    { methods: [{ name: 'mine', title: '', citations: [], operators: {} }] },
    async () => ({}),
  ])('that brings nothing (%j) is refused: every check of it would pass', async (exported) => {
    await expect(read(exported)()).rejects.toThrow(/mine.mjs brings nothing/)
  })
  test('may not declare a parameter that no selector can set', async () => {
    const withParam = (spec: unknown) => read({ datasets: [{ ...some.datasets[0], params: { n: spec } }] })()
    await expect(withParam({ kind: 'enum', default: 'x' })).rejects.toThrow(/parameter n: its kind is "enum"/)
    await expect(withParam({ kind: 'number', default: '1' })).rejects.toThrow(/its default is "1"; expected number/)
    await expect(withParam({ kind: 'choice', default: 'x' })).rejects.toThrow(/a choice needs a list/)
    await expect(withParam(null)).rejects.toThrow(/parameter n: it is null/)
  })
  test('is refused with the part and the field that is wrong', async () => {
    const expectRefused = async (exported: unknown, message: RegExp) =>
      expect(read(exported)()).rejects.toThrow(message)
    await expectRefused(undefined, /mine.mjs exports undefined/)
    await expectRefused({ operators: [] }, /"operators" is no part; expected methods, datasets, experiments/)
    await expectRefused({ methods: {} }, /methods is no list/)
    await expectRefused({ methods: [{ name: 'mine' }] }, /methods\[0\]: title is undefined; expected a string/)
    const method = { name: 'mine', title: '', citations: [], operators: { ranks: {} } }
    await expectRefused({ methods: [method] }, /"ranks" is no operator; expected one of sort, rank/)
    await expectRefused({ methods: [{ ...method, operators: { rank: {} } }] }, /rank needs params, growth/)
    await expectRefused({ methods: [{ ...method, name: 'my method' }] }, /cannot stand in a selector/)
    await expectRefused(() => {
      throw new Error('no such file')
    }, /threw: no such file/)
  })
})
