import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { csv } from './formats/csv.ts'
import { json } from './formats/json.ts'
import { tablesJsonSchema } from './formats/json-schema.ts'
import { latex } from './formats/latex.ts'
import { markdown } from './formats/markdown.ts'
import { tablesSchema } from './formats/schema.ts'
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

const interval = { low: 0.4, high: 0.6, level: 0.95 }
const half = { text: formatMean(0.5, 0.4, 0.6), data: 0.5, unit: '1', interval, n: 5 } as const
const named = (name: string): ReportTable => ({ ...table, columns: [left('name')], rows: [[text(name)]], notes: [] })

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
      "% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}
      \\begin{table}
      \\caption{A table. what it compares. AMD EPYC, 2 cores.}
      \\begin{tabular}{lr}
        \\toprule
        loss & ndcg@10:letor4 \\\\
        \\midrule
        loss:spearman[rank=a\\textbar{}b] & 0.2303 $\\pm$0.0100 \\\\
        loss\\_a, \\textquotedbl{}b\\textquotedbl{} \\& 100\\% & skipped \\\\
        \\bottomrule
      \\end{tabular}
      % loss_a: skipped: data absent
      \\end{table}
      "
    `)
  })
  test('markdown neither emphasises nor links nor embeds what a name holds', () => {
    const nasty = named('*a* _b_ <img src=x> [c](d) `e` ~~f~~ a_b 0.5 * &lt; x\ny')
    expect(markdown([nasty])).toContain(
      '| \\*a* \\_b_ &lt;img src=x> [c]\\(d) \\`e\\` \\~~f\\~~ a_b 0.5 * &amp;lt; x\\\\x0ay |',
    )
  })
  test('latex comments end with their line, whatever a note holds', () => {
    expect(latex([{ ...table, notes: ['one\n\\input{x}'] }])).toContain('\n% one\\x0a\\input{x}\n')
  })
  test('csv of one table is as wide as it: numbers in full, bounds beside them, nothing for an absent one', () => {
    const [head, ...rows] = csv([{ ...table, rows: [...table.rows, [text('x'), half]] }]).split('\r\n')
    expect(head).toBe('loss,ndcg@10:letor4,ndcg@10:letor4 low,ndcg@10:letor4 high')
    expect(rows).toEqual(['loss:spearman[rank=a|b],0.23031,,', '"loss_a, ""b"" & 100%",,,', 'x,0.5,0.4,0.6', ''])
  })
  test('csv of several tables is one list under one header', () => {
    expect(csv([table, { ...table, id: 'other' }]).split('\r\n')).toEqual([
      'table,row,label,column,value,unit,low,high,n,mark,text',
      ...['demo', 'other'].flatMap((id) => [
        `${id},1,loss:spearman[rank=a|b],loss,loss:spearman[rank=a|b],,,,,,loss:spearman[rank=a|b]`,
        `${id},1,loss:spearman[rank=a|b],ndcg@10:letor4,0.23031,,,,,,0.2303 ±0.0100`,
        `${id},2,"loss_a, ""b"" & 100%",loss,"loss_a, ""b"" & 100%",,,,,,"loss_a, ""b"" & 100%"`,
        `${id},2,"loss_a, ""b"" & 100%",ndcg@10:letor4,,,,,,,skipped`,
      ]),
      '',
    ])
  })
  test.each(['=1+1', '+1', '-cmd', '@sum', '\tx'])('csv gives a spreadsheet no formula: %j', (name) => {
    expect(csv([named(name)]).split('\r\n')[1]).toBe(`'${name}`)
  })
  test('csv keeps numbers below zero numbers', () => {
    expect(csv([{ ...named('x'), rows: [[{ text: '-0.5', data: -0.5 }]] }]).split('\r\n')[1]).toBe('-0.5')
  })
  test('json holds what its published schema says, with every number in full', () => {
    const marked = { ...half, mark: '*' }
    const rows = [...table.rows, [text('x'), marked], [text('y'), { text: 'inf', data: Number.POSITIVE_INFINITY }]]
    const parsed = tablesSchema.parse(JSON.parse(json([{ ...table, rows }])))
    expect(parsed).toMatchObject({ format: 'rank-bench/tables', version: 1 })
    expect(parsed.tables[0].rows.map((row) => row['ndcg@10:letor4'])).toEqual([
      { value: 0.23031, text: '0.2303 ±0.0100' },
      { value: null, text: 'skipped' },
      { value: 0.5, text: '0.5000 ±0.1000', unit: '1', interval, n: 5, mark: '*' },
      { value: null, text: 'inf' },
    ])
  })
  test('json keeps columns of one title apart', () => {
    const twice = { ...table, columns: [left('loss'), right('loss')] }
    expect(Object.keys(JSON.parse(json([twice])).tables[0].rows[0])).toEqual(['loss', 'loss (2)'])
  })
  test('the schema that is published is the one that describes the output', () => {
    expect(JSON.parse(readFileSync('docs/tables.schema.json', 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(tablesJsonSchema())),
    )
  })
})

describe('a table on a terminal', () => {
  const wide: ReportTable = {
    id: 'wide',
    title: 'A wide table',
    about: ['a line about it that is itself longer than the terminal is wide, and goes on below'],
    columns: [left('name'), left('meaning'), ...['one', 'two', 'three', 'four', 'five'].map(right)],
    rows: [
      [
        text('rank:permutahedron[regularization=kl,strength=0.1]'),
        text('projection on the permutahedron, in words that go on for a while so that they have to be wrapped'),
        ...[1, 2, 3, 4, 5].map((i) => text(`${i}.00 µs ±1%`)),
      ],
    ],
    notes: [],
  }
  test.each([40, 60, 80, 120])('has no line longer than its %i columns, and loses no word and no number', (width) => {
    const shown = terminal([wide], { width })
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width)
    for (const word of ['permutahedron[', 'strength=0.1]', 'wrapped', '5.00 µs ±1%']) expect(shown).toContain(word)
  })
  test('goes on in blocks that repeat the first column', () => {
    expect(terminal([wide], { width: 60 })).toMatchInlineSnapshot(`
      "A wide table
        a line about it that is itself longer than the terminal
          is wide, and goes on below
      ────────────────────────────────────────────────────────────
      name                    meaning                          one
      ────────────────────────────────────────────────────────────
      rank:permutahedron[     projection on the        1.00 µs ±1%
      regularization=kl,      permutahedron, in words
      strength=0.1]           that go on for a while
                              so that they have to be
                              wrapped
      ────────────────────────────────────────────────────────────
      name                           two        three         four
      ────────────────────────────────────────────────────────────
      rank:permutahedron[    2.00 µs ±1%  3.00 µs ±1%  4.00 µs ±1%
      regularization=kl,
      strength=0.1]
      ────────────────────────────────────────────────────────────
      name                                                    five
      ────────────────────────────────────────────────────────────
      rank:permutahedron[regularization=kl,            5.00 µs ±1%
      strength=0.1]
      "
    `)
  })
  test('colours verdicts only when asked', () => {
    const verdicts = { ...named('reproduced'), rows: [[text('reproduced')], [text('differs')], [text('x')]] }
    expect(terminal([verdicts])).not.toContain('\u001b')
    expect(terminal([verdicts], { colour: true })).toContain('\u001b[32mreproduced\u001b[39m')
    expect(terminal([verdicts], { colour: true })).toContain('\u001b[31mdiffers\u001b[39m')
  })
})
