import { describe, expect, test } from 'vitest'
import { csv } from './formats/csv.ts'
import { json } from './formats/json.ts'
import { latex } from './formats/latex.ts'
import { markdown } from './formats/markdown.ts'
import { terminal } from './formats/terminal.ts'
import { formatMean, formatRatio, formatTime, formatTiming } from './numbers.ts'
import { left, type ReportTable, right, text } from './table.ts'

const table: ReportTable = {
  id: 'demo',
  title: 'A table',
  about: ['what it compares', 'AMD EPYC, 2 cores'],
  columns: [left('loss'), right('ndcg@10:letor4')],
  rows: [
    [text('loss:spearman[rank=a|b]'), { text: '0.2303 ±0.0100', data: 0.23031 }],
    [text('loss_a, "b" & 100%'), { text: 'skipped', data: null }],
  ],
  notes: ['loss_a: skipped: data absent'],
}

describe('numbers', () => {
  test('choose the unit and three significant digits', () => {
    expect([0.4, 12.345, 999.4, 999.6, 12_345, 1_234_567, 2.5e9].map(formatTime)).toEqual([
      '0.400 ns',
      '12.3 ns',
      '999 ns',
      '1.00 µs',
      '12.3 µs',
      '1.23 ms',
      '2.50 s',
    ])
  })
  test('show half the interval in percent, never less than one', () => {
    expect(formatTiming(100, 90, 110)).toBe('100 ns ±10%')
    expect(formatTiming(100, 100, 100)).toBe('100 ns ±1%')
  })
  test('write ratios and means with their intervals', () => {
    expect(formatRatio(8.24, 7.9, 8.55)).toBe('8.24x [7.90, 8.55]')
    expect(formatMean(0.23031, 0.22, 0.24)).toBe('0.2303 ±0.0100')
    expect(formatMean(0.5, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe('0.5000')
  })
})

describe('formats', () => {
  test('terminal', () => {
    expect(terminal([table])).toMatchInlineSnapshot(`
      "A table
        what it compares
        AMD EPYC, 2 cores
      ───────────────────────────────────────
      loss                     ndcg@10:letor4
      ───────────────────────────────────────
      loss:spearman[rank=a|b]  0.2303 ±0.0100
      loss_a, "b" & 100%              skipped
        note: loss_a: skipped: data absent
      "
    `)
  })
  test('markdown escapes the bars of selectors', () => {
    expect(markdown([table])).toMatchInlineSnapshot(`
      "## A table

      what it compares  
      AMD EPYC, 2 cores  

      | loss | ndcg@10:letor4 |
      | --- | ---: |
      | loss:spearman[rank=a\\|b] | 0.2303 ±0.0100 |
      | loss_a, "b" & 100% | skipped |

      - loss_a: skipped: data absent
      "
    `)
  })
  test('latex escapes what TeX would read', () => {
    expect(latex([table])).toMatchInlineSnapshot(`
      "% needs \\usepackage{booktabs}
      \\begin{table}
      \\caption{A table. what it compares. AMD EPYC, 2 cores.}
      \\begin{tabular}{lr}
        \\toprule
        loss & ndcg@10:letor4 \\\\
        \\midrule
        loss:spearman[rank=a|b] & 0.2303 $\\pm$0.0100 \\\\
        loss\\_a, "b" \\& 100\\% & skipped \\\\
        \\bottomrule
      \\end{tabular}
      % loss_a: skipped: data absent
      \\end{table}
      "
    `)
  })
  test('csv holds the numbers in full, nothing for an absent one, and quotes by RFC 4180', () => {
    expect(csv([table]).split('\r\n')).toEqual([
      'table,loss,ndcg@10:letor4',
      'demo,loss:spearman[rank=a|b],0.23031',
      'demo,"loss_a, ""b"" & 100%",',
      '',
    ])
  })
  test('json holds the numbers in full under the column titles', () => {
    expect(JSON.parse(json([table]))[0].rows).toEqual([
      { loss: 'loss:spearman[rank=a|b]', 'ndcg@10:letor4': 0.23031 },
      { loss: 'loss_a, "b" & 100%', 'ndcg@10:letor4': null },
    ])
  })
})
