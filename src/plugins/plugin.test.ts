import { describe, expect, test } from 'vitest'
import { kit } from './kit.ts'
import { readParts } from './plugin.ts'

const read = (exported: unknown) => () => readParts(exported, kit, 'plug-in mine.mjs')

describe('a plug-in', () => {
  test('may be its parts, or a function from the kit to them', () => {
    expect(read({ methods: [] })()).toEqual({ methods: [] })
    expect(read((given: typeof kit) => ({ methods: given === kit ? [] : undefined }))()).toEqual({ methods: [] })
  })
  test('is refused with the part and the field that is wrong', () => {
    expect(read(undefined)).toThrow(/mine.mjs exports undefined/)
    expect(read({ operators: [] })).toThrow(/"operators" is no part; expected methods, datasets, experiments/)
    expect(read({ methods: {} })).toThrow(/methods is no list/)
    expect(read({ methods: [{ name: 'mine' }] })).toThrow(/methods\[0\]: title is undefined; expected a string/)
    const method = { name: 'mine', title: '', citations: [], operators: { ranks: {} } }
    expect(read({ methods: [method] })).toThrow(/"ranks" is no operator; expected one of sort, rank/)
    expect(read({ methods: [{ ...method, operators: { rank: {} } }] })).toThrow(/rank needs params, growth/)
    expect(read({ methods: [{ ...method, name: 'my method' }] })).toThrow(/cannot stand in a selector/)
    expect(
      read(() => {
        throw new Error('no such file')
      }),
    ).toThrow(/threw: no such file/)
  })
})
