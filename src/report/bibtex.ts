/** A citation as BibTeX, of the fields that are known: family names, title, where it appeared, year, address. */

import type { Citation } from '../core/method.ts'

/** `Information Retrieval 13(4)`, `Biometrika 30`: a journal has a volume. */
const journal = /^(?<name>.+?) (?<volume>\d+)(?:\((?<number>\d+)\))?$/

/** Letters and digits of the first author, the year and the first long word of the title. */
function keyOf({ authors, year, title }: Citation): string {
  const author =
    authors
      .split(/,| and /)[0]
      .trim()
      .split(' ')
      .at(-1) ?? ''
  const word = title.split(/\W+/).find((each) => each.length > 3) ?? ''
  return `${author}${year}${word}`
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
}

/** What TeX would read as a command. */
const tex = (text: string): string => text.replace(/[&%$#_{}]/g, '\\$&')

type Fields = readonly (readonly [name: string, value: string])[]

function appeared({ venue }: Citation): { readonly kind: string; readonly fields: Fields } {
  if (venue === 'arXiv') return { kind: 'misc', fields: [] }
  const parts = journal.exec(venue)?.groups
  if (!parts) return { kind: 'inproceedings', fields: [['booktitle', tex(venue)]] }
  const number: Fields = parts.number ? [['number', parts.number]] : []
  return { kind: 'article', fields: [['journal', tex(parts.name)], ['volume', parts.volume], ...number] }
}

function addresses({ url = '' }: Citation): Fields {
  const [, doi] = /^https:\/\/doi\.org\/(.+)$/.exec(url) ?? []
  const [, eprint] = /^https:\/\/arxiv\.org\/abs\/(.+)$/.exec(url) ?? []
  if (doi) return [['doi', doi]]
  if (eprint)
    return [
      ['eprint', eprint],
      ['archivePrefix', 'arXiv'],
    ]
  return url ? [['url', url]] : []
}

/** One line, so that it can be copied out of a table. Capitals of the title are kept by a second pair of braces. */
export function bibtex(citation: Citation): string {
  const { authors, title, year } = citation
  const names = authors.split(/\s*,\s*|\s+and\s+/).filter(Boolean)
  const { kind, fields } = appeared(citation)
  const all: Fields = [
    ['author', tex(names.join(' and '))],
    ['title', `{${tex(title)}}`],
    ...fields,
    ['year', String(year)],
    ...addresses(citation),
  ]
  return `@${kind}{${keyOf(citation)}, ${all.map(([name, value]) => `${name} = {${value}}`).join(', ')}}`
}
