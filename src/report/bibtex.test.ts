import { expect, test } from 'vitest'
import { methods } from '../methods/registry.ts'
import { bibtex } from './bibtex.ts'

test('a paper of a conference', () => {
  expect(
    bibtex({
      authors: 'Sander, Peyré',
      title: 'Fast & Sparse Top-k',
      venue: 'ICML',
      year: 2023,
      url: 'https://arxiv.org/abs/2302.01425',
    }),
  ).toBe(
    '@inproceedings{sander2023fast, author = {Sander and Peyré}, title = {{Fast \\& Sparse Top-k}}, booktitle = {ICML}, year = {2023}, eprint = {2302.01425}, archivePrefix = {arXiv}}',
  )
})

test('a paper of a journal has its volume and number, a preprint neither', () => {
  const of = (venue: string, url?: string) =>
    bibtex({ authors: 'Qin, Liu', title: 'A framework', venue, year: 2010, ...(url && { url }) })
  expect(of('Information Retrieval 13(4)', 'https://doi.org/10.1/x')).toMatch(
    /^@article\{.*journal = \{Information Retrieval\}, volume = \{13\}, number = \{4\}, year = \{2010\}, doi = \{10\.1\/x\}\}$/,
  )
  expect(of('Biometrika 30')).toMatch(/journal = \{Biometrika\}, volume = \{30\}, year/)
  expect(of('arXiv', 'https://arxiv.org/abs/1.2')).toMatch(/^@misc\{.*eprint = \{1\.2\}/)
})

test('every citation of a method has author, title and year, a key of its own, and braces that match', () => {
  const all = new Set(methods.flatMap(({ citations }) => citations.map(bibtex)))
  const keys = [...all].map((entry) => /^@\w+\{(\w+),/.exec(entry)?.[1])
  expect(new Set(keys).size).toBe(all.size)
  for (const entry of all) {
    expect(entry).toMatch(/author = \{[^}]+\}, title = \{\{.+\}\}, .*year = \{\d{4}\}/)
    const bare = entry.replaceAll(/\\[{}]/g, '')
    expect(bare.split('{').length, entry).toBe(bare.split('}').length)
  }
})
