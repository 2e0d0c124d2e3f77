/** Lines of every format: what is read and gives a known number, and what is refused with its line. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const metric = ['--metrics', 'p@1:trec[ties=stable]', '--json']
const latin1 = (text) => Buffer.from(text, 'latin1')
const putAll = (files) => (folder) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
}
const value = (number) => new RegExp(`"p@1:trec[^"]*": ${number}[,\\s]`)

const labelRow = (name, labels, expected, files = {}, flags = []) => ({
  name: `labels: ${name}`,
  prepare: putAll({ labels, scores: '1\n2\n', ...files }),
  args: () => ['evaluate', '--labels', 'labels', '--scores', 'scores', ...flags, ...metric],
  ...expected,
})
const trecRow = (name, qrels, run, expected, flags = metric) => ({
  name: `TREC: ${name}`,
  prepare: putAll({ qrels, run }),
  args: () => ['evaluate', '--qrels', 'qrels', '--run', 'run', ...flags],
  ...expected,
})
const scoreRow = (name, scores, expected) => ({
  name: `scores: ${name}`,
  prepare: putAll({ labels: '0 qid:a 1:1\n1 qid:a 1:2\n1 qid:b 1:2\n', scores }),
  args: () => ['evaluate', '--labels', 'labels', '--scores', 'scores', ...metric],
  ...expected,
})
const fine = (number, err = /^$/) => ({ code: 0, out: value(number), err })
const bad = (err) => ({ code: 2, err })

// The second document is the relevant one, and scored higher: 1 where the file is read right.
const labels = [
  ['LF', '0 qid:1 1:1\n1 qid:1 1:2\n', fine(1)],
  ['CR LF', '0 qid:1 1:1\r\n1 qid:1 1:2\r\n', fine(1)],
  ['CR alone, with comments', '0 qid:1 1:1 # a\r1 qid:1 1:2 # b\r', fine(1)],
  ['CR CR LF', '0 qid:1 1:1\r\r\n1 qid:1 1:2\r\r\n', fine(1)],
  ['no last line break', '0 qid:1 1:1\n1 qid:1 1:2', fine(1)],
  ['a byte order mark', '\ufeff0 qid:1 1:1\n1 qid:1 1:2\n', fine(1)],
  ['a byte order mark in gzip', gzipSync('\ufeff0 qid:1 1:1\n1 qid:1 1:2\n'), fine(1)],
  ['two gzip members', Buffer.concat([gzipSync('0 qid:1 1:1\n'), gzipSync('1 qid:1 1:2\n')]), fine(1)],
  ['tabs and form feeds', '0\tqid:1\t1:1\n1 \f qid:1 1:2\n', fine(1)],
  ['a comment line first', '# head\n0 qid:1 1:1\n1 qid:1 1:2\n', fine(1)],
  ['features in any order', '0 qid:1 2:1 1:1\n1 qid:1 3:1 1:2\n', fine(1), {}, []],
  ['label:weight', '0:0.5 qid:1 1:1\n1:2 qid:1 1:2\n', fine(1, /gives label:weight, which no metric/)],
  ['cost and sid', '0 qid:1 cost:0.5 sid:7 1:1\n1 qid:1 cost:1 1:2\n', fine(1, /gives cost: or sid:/)],
  ['names that are not UTF-8', latin1('0 qid:\xe9 1:1\n1 qid:\xe9 1:2\n'), fine(1)],
  ['sizes in labels.query', '0 1:1\n1 1:2\n', fine(1), { 'labels.query': '2\n' }],
  ['sizes in labels.group, CR LF', '0 1:1\n1 1:2\n', fine(1), { 'labels.group': '2\r\n' }],
  ['sizes that agree with qid', '0 qid:7 1:1\n1 qid:7 1:2\n', fine(1), { 'labels.query': '2\n' }],
  [
    'no qid and no sizes',
    '0 1:1\n1 1:2\n',
    bad(/line 1: "1" stands where qid:<query> was expected; .*\.query or \.group/),
  ],
  ['sizes that are too few', '0 1:1\n1 1:2\n', bad(/line 2: a document beyond the 1 lists/), { 'labels.query': '1\n' }],
  ['sizes that are too many', '0 1:1\n1 1:2\n', bad(/the file ends in list 1 of 1/), { 'labels.query': '3\n' }],
  ['sizes against qid', '0 qid:1 1:1\n1 qid:2 1:2\n', bad(/do not agree/), { 'labels.query': '2\n' }],
  [
    'a size of 0',
    '0 1:1\n1 1:2\n',
    bad(/labels\.query, line 1: "0"; expected the number/),
    { 'labels.query': '0\n2\n' },
  ],
  ['a size of 1.5', '0 1:1\n1 1:2\n', bad(/line 1: "1\.5"; expected the number/), { 'labels.query': '1.5\n' }],
  ['features from 0', '0 qid:1 0:1\n1 qid:1 0:2\n', fine(1), {}, ['--zero-based']],
  ['feature 0', '0 qid:1 0:1\n1 qid:1 1:2\n', bad(/feature 0; .*zero-based/), {}, ['--feature']],
  ['a hexadecimal label', '0x1 qid:1 1:1\n1 qid:1 1:2\n', bad(/line 1: the label is "0x1"/)],
  ['a label nan', 'nan qid:1 1:1\n1 qid:1 1:2\n', bad(/line 1: the label is "nan"/)],
  ['a label inf', 'inf qid:1 1:1\n1 qid:1 1:2\n', bad(/line 1: the label is "inf"/)],
  ['a label of -1', '-1 qid:1 1:1\n1 qid:1 1:2\n', bad(/line 1: the label is -1; expected 0 or more/)],
  ['a decimal comma', '0,5 qid:1 1:1\n1 qid:1 1:2\n', bad(/line 1: the label is "0,5"/)],
  ['a query that comes back', '0 qid:1 1:1\n1 qid:2 1:2\n0 qid:1 1:1\n', bad(/line 3: query 1 comes back/)],
  ['an empty query', '0 qid: 1:1\n1 qid:1 1:2\n', bad(/line 1: the query id is empty/)],
  ['an escape in a query', '0 q\x1b[31mid:1 1:1\n', bad(/line 1: "q\\x1b\[31mid" stands where/)],
  ['a line break of Unicode in a word', '0 q\u2028d:1 1:1\n', bad(/q\\u2028d/)],
  ['words turned round', '0 q\u202ed:1 1:1\n', bad(/q\\u202ed/)],
  ['a weight that is no number', '0:x qid:1 1:1\n', bad(/line 1: the weight is "x"/)],
  ['a cost that is no number', '0 qid:1 cost:x 1:1\n', bad(/line 1: cost is "x"/)],
  ['comments only', '# nothing\n# here\n', bad(/no documents/)],
].map(([name, text, expected, files, flags]) =>
  flags?.[0] === '--feature'
    ? { ...labelRow(name, text, expected), args: () => ['evaluate', '--labels', 'labels', '--feature', '1', ...metric] }
    : labelRow(name, text, expected, files, flags),
)

const qrels = '1 0 a 0\n1 0 b 1\n'
const run = '1 Q0 a 1 1 t\n1 Q0 b 2 2 t\n'
const trec = [
  ['as it is', qrels, run, fine(1)],
  ['words after the tag', qrels, '1 Q0 a 1 1 t more words\n1 Q0 b 2 2 t x\n', fine(1)],
  ['comment lines', `# a comment line\n${qrels}`, `#1 Q0 x 1 9 t\n${run}`, fine(1, /comment lines \(#\) are skipped/)],
  [
    'a comment of four words',
    `# four words here\n${qrels}`,
    run,
    { ...fine(1, /1 comment lines/), out: /"queries": 1,/ },
  ],
  ['byte order marks', `\ufeff${qrels}`, `\ufeff${run}`, fine(1)],
  ['CR alone', qrels.replaceAll('\n', '\r'), run.replaceAll('\n', '\r'), fine(1)],
  ['leading blanks and tabs', qrels.replaceAll('1 0', '  1\t0'), run.replaceAll(' ', '\t'), fine(1)],
  [
    'BEIR with its header',
    'query-id\tcorpus-id\tscore\n1\ta\t0\n1\tb\t1\n',
    run,
    fine(1, /read as query document relevance \(BEIR\)/),
  ],
  ['BEIR without a header', '1\ta\t0\n1\tb\t1\n', run, fine(1, /\(BEIR\)/)],
  ['MS MARCO runs', qrels, '1\tb\t1\n1\ta\t2\n', fine(1, /read as query document rank \(MS MARCO\)/)],
  ['three columns of scores', qrels, '1 a 0.5\n1 b 0.7\n', bad(/has the rank 0\.5; expected 1 to 2/)],
  ['ranks with a gap', qrels, '1 a 1\n1 b 3\n', bad(/has the rank 3; expected 1 to 2/)],
  ['ranks that come twice', qrels, '1 a 1\n1 b 1\n', bad(/has the rank 1; expected 1 to 2, each once/)],
  ['a hexadecimal relevance', '1 0 a 0x1\n', run, bad(/qrels, line 1: the relevance is "0x1"/)],
  ['a hexadecimal score', qrels, '1 Q0 a 1 0x1p3 t\n', bad(/run, line 1: the score is "0x1p3"/)],
  ['a score nan', qrels, '1 Q0 a 1 nan t\n', bad(/the score is "nan"/)],
  ['a score -inf', qrels, '1 Q0 a 1 -inf t\n', bad(/the score is "-inf"/)],
  ['a score beyond doubles', qrels, '1 Q0 a 1 1e999 t\n', bad(/the score is "1e999"/)],
  ['no tag', qrels, '1 Q0 a 1 2\n', bad(/line 1: "1 Q0 a 1 2" has 5 words; expected query Q0 document rank score tag/)],
  ['a word too many in qrels', '1 0 a 1 x\n', run, bad(/has 5 words; expected query iteration document relevance/)],
  ['columns that change', '1 0 a 1\n1 a 1\n', run, bad(/line 2: "1 a 1" has 3 words/)],
  ['a document twice', '1 0 a 1\n1 0 a 0\n', run, bad(/query 1 has document a twice/)],
  ['a run for qrels', run, qrels, bad(/has 6 words/)],
  ['a zero byte', '1 0 a\0 1\n', run, bad(/line 1: a zero byte/)],
  ['an escape in a name', '1 0 a\x1b[2J 1\n1 0 a\x1b[2J 1\n', run, bad(/document a\\x1b\[2J twice/)],
  [
    'names that differ in one byte',
    latin1('1 0 caf\xe9 1\n1 0 b 0\n'),
    latin1('1 Q0 caf\xe8 1 2 t\n1 Q0 b 2 1 t\n'),
    fine(0),
  ],
  ['names with a no-break space', '1 0 a\u00a0b 1\n', '1 Q0 a\u00a0b 1 2 t\n', fine(1)],
].map(([name, judged, ranked, expected]) => trecRow(name, judged, ranked, expected))

// U+FF5E before U+1F600 by bytes, behind it by UTF-16 units; trec_eval puts the larger name first.
const ties = [
  trecRow(
    'tied names by their bytes',
    '1 0 \u{1f600} 1\n',
    '1 Q0 \uff5e 1 1 t\n1 Q0 \u{1f600} 2 1 t\n',
    {
      code: 0,
      out: /"p@1:trec": 1[,\s]/,
    },
    ['--metrics', 'p@1:trec', '--json'],
  ),
  trecRow(
    'tied names that are not UTF-8',
    latin1('1 0 \xe9 1\n'),
    latin1('1 Q0 \xe8 1 1 t\n1 Q0 \xe9 2 1 t\n'),
    {
      code: 0,
      out: /"p@1:trec": 1[,\s]/,
    },
    ['--metrics', 'p@1:trec', '--json'],
  ),
  trecRow(
    'a fractional relevance under 2^label says where',
    '1 0 a 0.5\n',
    '1 Q0 a 1 1 t\n',
    {
      code: 2,
      err: /qrels, line 1: query 1, document a: .*the label is 0\.5/,
    },
    ['--metrics', 'ndcg@5:letor4'],
  ),
  labelRow('a fractional label under 2^label says where', '0 qid:7 1:1 #docid = x\n0.5 qid:7 1:2 #docid = y\n', {
    code: 2,
    err: /labels, line 2: query 7, document y: .*the label is 0\.5/,
  }),
]
ties[3].args = () => ['evaluate', '--labels', 'labels', '--scores', 'scores', '--metrics', 'ndcg@5:letor4']

// Three documents in two lists: the first list's best is its second document.
const scores = [
  ['one a line', '1\n2\n3\n', fine(1)],
  ['trailing blank lines', '1\n2\n3\n\n \n', fine(1)],
  ['CR LF and no last break', '1\r\n2\r\n3', fine(1)],
  ['gzip', gzipSync('1\n2\n3\n'), fine(1)],
  ['a byte order mark', '\ufeff1\n2\n3\n', fine(1)],
  ["RankLib's three columns", 'a\t0\t1\na\t1\t2\nb\t0\t3\n', fine(1)],
  ["RankLib's columns in another order", 'a\t1\t2\na\t0\t1\nb\t0\t3\n', bad(/line 1: it scores document 1 of query a/)],
  ["RankLib's columns of another query", 'a\t0\t1\na\t1\t2\nc\t0\t3\n', bad(/line 3: it scores document 0 of query c/)],
  ['a blank line between', '1\n\n2\n3\n', bad(/line 3: a score after line 2, which is blank/)],
  ['too few', '1\n2\n', bad(/2 scores for 3 documents/)],
  ['too many', '1\n2\n3\n4\n', bad(/4 scores for 3 documents/)],
  ['far too many', '1\n'.repeat(5000), bad(/more than \d+ scores for 3 documents/)],
  ['hexadecimal', '0x1\n2\n3\n', bad(/line 1: "0x1" is not a finite number/)],
  ['binary', '0b1\n2\n3\n', bad(/line 1: "0b1" is not a finite number/)],
  ['nan', '1\nnan\n3\n', bad(/line 2: "nan" is not a finite number/)],
  ['Infinity', '1\nInfinity\n3\n', bad(/line 2: "Infinity" is not a finite number/)],
  ['two columns', '1 2\n2 3\n3 4\n', bad(/line 1: "1 2" is not a finite number/)],
  ['commas', '1,5\n2\n3\n', bad(/line 1: "1,5" is not a finite number/)],
  ['a heading', 'score\n1\n2\n3\n', bad(/line 1: "score" is not a finite number/)],
  ['digits of another alphabet', '\u0661\n2\n3\n', bad(/line 1: /)],
].map(([name, text, expected]) => scoreRow(name, text, expected))

export const rows = [...labels, ...trec, ...ties, ...scores]
