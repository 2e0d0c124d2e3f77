/** How published numbers came out, counted. */

import type { PublishedRow, Verdict } from '../core/claim.ts'
import { left, type ReportTable, right, text, type Value } from './table.ts'

const verdicts: readonly Verdict[] = [
  'reproduced',
  'exceeds',
  'differs',
  'inconclusive',
  'not run',
  'recalled',
  'reference',
]

/** How the numbers of each paper and method came out. */
export function verdictTable(
  papers: readonly { readonly key: string; readonly rows: readonly PublishedRow[] }[],
): ReportTable[] {
  const lines = papers.flatMap(({ key, rows }) => {
    const groups = new Map<string, PublishedRow[]>()
    for (const row of rows) {
      if (row.judgement.verdict === 'reference') continue
      const name = `${row.claim.method} on ${row.claim.dataset}`
      groups.set(name, [...(groups.get(name) ?? []), row])
    }
    return [...groups].map(([name, own]) => ({ key, name, own }))
  })
  if (lines.length === 0) return []
  const shown = verdicts.filter((verdict) =>
    lines.some(({ own }) => own.some((row) => row.judgement.verdict === verdict)),
  )
  return [
    {
      id: 'summary/verdicts',
      title: 'Published numbers: how many came out',
      about: [
        'reproduced: within the tolerance of the paper; exceeds: ours is better by more; differs: worse by more; recalled: nobody read the number in its source, so it is not judged',
      ],
      columns: [left('paper'), left('published for'), left('ours'), ...shown.map(right)],
      rows: lines.map(({ key, name, own }) => [
        text(key),
        text(name),
        text(own.find((row) => row.ref.method !== '')?.ref.method ?? '–'),
        ...shown.map((verdict): Value => {
          const count = own.filter((row) => row.judgement.verdict === verdict).length
          return { text: count === 0 ? '' : String(count), data: count }
        }),
      ]),
      notes: [],
    },
  ]
}
