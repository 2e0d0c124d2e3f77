/** Every number and list that can be typed: in flags, in selectors, in configs. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const row = (name, args, err, more = {}) => ({ name: `number: ${name}`, args: () => args, code: 2, err, ...more })

/** None of these is a whole number that can be held. */
const noIntegers = {
  nothing: '',
  'a blank': ' ',
  'below zero': '-1',
  half: '1.5',
  'with an exponent': '1e3',
  'in hexadecimal': '0x10',
  NaN: 'NaN',
  infinite: 'Infinity',
  'beyond 2^53': '9007199254740993',
  'in full-width digits': '１２',
  'with a separator': '1_000',
  words: 'lots',
}

const latency = ['run', '-e', 'latency', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--dry-run']
const evaluated = ['evaluate', '--labels', 'l', '--scores', 's', '--metrics', 'map:letor4']
const integerFlags = [
  ['run --seed', [...latency, '--seed']],
  ['run --jobs', [...latency, '--jobs']],
  ['run --timeout', [...latency, '--timeout']],
  ['run --seeds', [...latency, '--seeds']],
  ['check --rows', ['check', 'rank:hard', '--rows']],
  ['check --seed', ['check', 'rank:hard', '--seed']],
  ['check --threads', ['check', 'rank:hard', '--threads']],
  ['apply --threads', ['apply', 'rank:hard', '--values', '[1]', '--threads']],
  ['evaluate --seed', [...evaluated, '--seed']],
  ['evaluate --timeout', [...evaluated, '--timeout']],
  ['evaluate --feature', ['evaluate', '--labels', 'l', '--metrics', 'map:letor4', '--feature']],
  ['data scale --text-mb', ['data', 'scale', 'synthetic-letor', '--text-mb']],
]
const integers = integerFlags.flatMap(([flag, args]) =>
  Object.entries(noIntegers).map(([name, text]) =>
    row(`${flag} ${name}`, [...args, text], /read .*; expected|empty entry/),
  ),
)

const counts = [
  ['run --jobs', [...latency, '--jobs'], ['0', '65', '100000']],
  ['run --timeout', [...latency, '--timeout'], ['0', '2147484', '3000000']],
  ['check --rows', ['check', 'rank:hard', '--rows'], ['0', '1000001', '9007199254740991']],
  ['check --threads', ['check', 'rank:hard', '--threads'], ['0', '65']],
  ['apply --threads', ['apply', 'rank:hard', '--values', '[1]', '--threads'], ['0', '65']],
  ['data scale --text-mb', ['data', 'scale', 'synthetic-letor', '--text-mb'], ['0', '9007199254740991']],
].flatMap(([flag, args, values]) => values.map((value) => row(`${flag} ${value}`, [...args, value], /expected 1/)))

const decimals = [
  ['run --memory', [...latency, '--memory'], ['', '0', '-4', '0x10', 'NaN', 'Infinity', '1e999', 'lots', '4GB']],
  [
    'reproduce --margin',
    ['reproduce', '--paper', 'fast-soft-sort', '--margin'],
    ['', '0', '1', '2', '-0.1', '0x0.1', 'NaN', '2%'],
  ],
].flatMap(([flag, args, values]) =>
  values.map((value) => row(`${flag} "${value}"`, [...args, value], /expected|argument missing/)),
)

const lists = [
  ['--seeds', '1,,2'],
  ['--seeds', ','],
  ['--seeds', '1,1'],
  ['--seeds', '1,01'],
  ['--seeds', '1;2'],
  ['--precision', ''],
  ['--precision', 'banana'],
  ['--precision', 'f16'],
  ['--precision', 'f32,f32'],
  ['--precision', 'f32,,f64'],
  ['--precision', 'F64'],
  ['--folds', ''],
  ['--folds', 'fold1,fold1'],
  ['--folds', 'fold1'],
].map(([flag, value]) => row(`run ${flag} "${value}"`, [...latency, flag, value], /read|expected|no cell/))

const names = [
  ...['-c', '--out', '--data', '--python', '--peer', '--reuse', '--plugin', '-m', '-d', '-e'].map((flag) => [
    'run',
    [...latency, flag],
  ]),
  ...['--paper', '--claim'].map((flag) => ['reproduce', ['reproduce', flag]]),
  ...['--metrics', '--figures', '--paper', '-o'].map((flag) => ['report', ['report', 'r', flag]]),
  ...['--labels', '--scores', '--groups', '--qrels', '--run', '--metrics', '--peers', '-o'].map((flag) => [
    'evaluate',
    ['evaluate', flag],
  ]),
  ...['--data', '-o', '--plugin'].map((flag) => ['check', ['check', 'rank:hard', flag]]),
  ...['--fold', '--peers', '--data'].map((flag) => ['data scale', ['data', 'scale', 'synthetic-letor', flag]]),
  ['peers list', ['peers', 'list', '--python']],
  ['peers install', ['peers', 'install', '--index-url']],
].map(([verb, args]) =>
  row(`${verb} ${args.at(-1)} of nothing`, [...args, ''], /read nothing|expected a selector|empty/),
)

const positions = [
  ['check', ['check', ''], /read nothing/],
  ['check of only an exclusion', ['check', '!rank:*'], /nothing to check/],
  ['list methods', ['list', 'methods', ''], /read nothing/],
  ['list claims', ['list', 'claims', ' '], /read nothing/],
  ['report', ['report', ''], /read nothing/],
  ['data path', ['data', 'path', ''], /read nothing/],
  ['data verify', ['data', 'verify', ' '], /read nothing/],
  ['data scale', ['data', 'scale', ''], /read nothing/],
  ['data add', ['data', 'add', '', 'x'], /read nothing/],
  ['apply', ['apply', '', '--values', '[1]'], /selector/],
].map(([name, args, err]) => row(`${name} of nothing`, args, err))

const inSelectors = [
  ...[
    '',
    ' ',
    'NaN',
    'Infinity',
    '-Infinity',
    '-1',
    '1e999',
    '1e-999',
    '0x10',
    '1_000',
    '1 2',
    '１',
    '--1',
    '1e',
    '.',
  ].map((value) => ['rank:sigmoid[strength=', value, /strength/]),
  ...['1.5', '-1', '1e12', '9007199254740993', '0x10', ''].map((value) => [
    'rank:neuralsort[samples=',
    value,
    /samples/,
  ]),
  ...['1e12', '2.5', '-3'].map((value) => ['sort:sinkhorn[iterations=', value, /iterations/]),
  ...['2', '-0.1', 'x', '0.5xx0.5', '0x10'].map((value) => ['quantile:hard[q=', value, /q/]),
  ...['-1', '1e999', 'all'].map((value) => ['topk:sigmoid[k=', value, /k/]),
  ...['0', '1e12', '2.5'].map((value) => ['loss:ordinal[levels=', value, /levels/]),
  ...['0', '1e12'].map((value) => ['loss:pirank[depth=', value, /depth/]),
].map(([head, value, err]) => row(`${head}${value}]`, ['run', '-m', `${head}${value}]`, '--dry-run'], err))

const ofExperiments = [
  ['latency[threads=', ['0', '65', '10000', '1.5', '1e99', '-1']],
  ['fidelity[n=', ['1', '2.5', '1e15', '4294967312']],
  ['stability[n=', ['1', '2.5', '1e15', '4294967312']],
  ['letor[steps=', ['0', '1e99', '1.5', '1e12']],
  ['letor[trials=', ['0', '1e15']],
  ['letor[hidden=', ['0', '99999999999', '64x', 'x']],
  ['letor[learning-rates=', ['0', '-1', '', '0.1xx1', '1e999', '1e-999']],
  ['letor[batch=', ['0', '1e12']],
].flatMap(([head, values]) =>
  values.map((value) => {
    const loss = head.startsWith('letor') ? 'loss:listnet' : 'rank:sigmoid'
    return row(`${head}${value}]`, ['run', '-e', `${head}${value}]`, '-m', loss, '--dry-run'], /expected/)
  }),
)

const ofData = [
  ['latency', 'rank:sigmoid', 'sorting[n=', ['-1', '1.5', '1e12', '4294967312', '9007199254740993', '0x10', '']],
  ['latency', 'rank:sigmoid', 'sorting[batch=', ['-1', '0.5', '4294967312']],
  ['latency', 'rank:sigmoid', 'sorting[scale=', ['-1', 'NaN', '1e999']],
  ['example', 'rank:sigmoid', 'given[values=', ['', '5xx2', '0x10xa', '1e999', 'NaN']],
  ['letor', 'loss:listnet', 'synthetic-letor[queries=', ['4', '1e12', '2.5']],
  ['letor', 'loss:listnet', 'synthetic-letor[features=', ['4', '1e12']],
  ['letor', 'loss:listnet', 'synthetic-letor[folds=', ['2', '1e12', '500']],
].flatMap(([experiment, method, head, values]) =>
  values.map((value) =>
    row(
      `${head}${value}]`,
      ['run', '-e', experiment, '-m', method, '-d', `${head}${value}]`, '--dry-run'],
      /expected|at most/,
    ),
  ),
)

const ranges = [
  ['a product of ranges', 'rank:sinkhorn[epsilon=1e-300..1e300,iterations=1..1e6]', /spans \d+ points/],
  ['a range from zero', 'rank:sigmoid[strength=0..1]', /0 < a <= b/],
  ['a range of words', 'rank:sigmoid[strength=a..b]', /strength/],
  ['many stars', `rank:${'*'.repeat(40)}z`, /no method matches/],
  ['a parameter that none has', 'rank:*[strenght=1]', /none of the/],
].map(([name, selector, err]) => row(name, ['run', '-m', selector, '--dry-run'], err))

const nothingChanged = [
  [
    'data for values of its own',
    ['-e', 'stability', '-m', 'rank:sigmoid', '-d', 'sorting[n=5]'],
    /would change nothing/,
  ],
  [
    'data for draws of its own',
    ['-e', 'fidelity', '-m', 'rank:sigmoid', '-d', 'sorting[scale=2]'],
    /would change nothing/,
  ],
  ['a precision that is fixed', ['-e', 'fidelity', '-m', 'rank:sigmoid', '--precision', 'f32'], /no cell in f32/],
  ['methods for one with its own', ['-e', 'baseline', '-m', 'rank:sigmoid'], /of its own/],
  [
    'a method of another kind',
    ['-e', 'fidelity', '-m', 'rank:sigmoid', '-m', 'loss:listnet'],
    /nothing to measure for loss:listnet/,
  ],
  [
    'data of another kind',
    ['-e', 'latency', '-m', 'rank:sigmoid', '-d', 'sorting,synthetic-letor'],
    /nothing to measure on synthetic-letor/,
  ],
  ['seeds of what draws nothing', ['-e', 'dataset-facts', '-d', 'synthetic-letor', '--seeds', '7,8'], /seeds/],
  ['folds of lists', ['-e', 'latency', '-m', 'rank:sigmoid', '--folds', 'fold1'], /no cell of fold1/],
  ['a fold that is not there', ['-e', 'letor', '-m', 'loss:listnet', '--folds', 'fold9'], /no fold "fold9"/],
  ['a system that is not there', ['-e', 'speed[beside=banana]', '-m', 'rank:sigmoid'], /banana/],
].map(([name, args, err]) => row(name, ['run', ...args, '--dry-run'], err))

const together = [
  [
    'evaluate --compare --per-query',
    ['evaluate', '--labels', 'l', '--metrics', 'map:letor4', '--compare', 'a', 'b', '--per-query'],
    /no single queries/,
  ],
  [
    'evaluate --compare --conventions',
    ['evaluate', '--labels', 'l', '--metrics', 'map:letor4', '--compare', 'a', 'b', '--conventions'],
    /no conventions/,
  ],
  [
    'evaluate --compare --peers',
    ['evaluate', '--labels', 'l', '--metrics', 'map:letor4', '--compare', 'a', 'b', '--peers', 'python3'],
    /no peers/,
  ],
  ['report --summary --conventions', ['report', 'r', '--summary', '--conventions'], /cannot be used with/],
  ['report --summary --metrics', ['report', 'r', '--summary', '--metrics', 'map:letor4'], /cannot be used with/],
  ['report --summary --show-commands', ['report', 'r', '--summary', '--show-commands'], /cannot be used with/],
  [
    'reproduce --dry-run --json',
    ['reproduce', '--paper', 'fast-soft-sort', '--dry-run', '--json'],
    /cannot be used with/,
  ],
].map(([name, args, err]) => row(`${name}: one of them would do nothing`, args, err))

const suite = { experiment: 'latency', methods: ['rank:sigmoid'], datasets: ['sorting[n=8]'] }
const configs = [
  ['a seed beyond 2^53', '{"name":"x","seed":9007199254740993,"suites":[S]}', {}],
  ['a seed of half', { seed: 0.5 }],
  ['a seed that is a text', { seed: '1' }],
  ['no seeds', {}, { seeds: [] }],
  ['a seed twice', {}, { seeds: [1, 1] }],
  ['seeds beyond 2^53', {}, { seeds: [2 ** 54] }],
  ['a negative seed', {}, { seeds: [-1] }],
  ['no precision', {}, { precisions: [] }],
  ['a precision twice', {}, { precisions: ['f32', 'f32'] }],
  ['f16', {}, { precisions: ['f16'] }],
  ['precisions that are a text', {}, { precisions: 'f32' }],
  ['no fold', {}, { folds: [] }],
  ['a fold twice', {}, { folds: ['fold1', 'fold1'] }],
  ['folds of lists', {}, { folds: ['fold1'] }],
  ['a blank method', {}, { methods: [' '] }],
  ['no data', {}, { datasets: [] }],
  ['a blank experiment', {}, { experiment: ' ' }],
  ['an unknown paper', { papers: ['nosuch'] }],
  ['a paper twice', { papers: ['fast-soft-sort', 'fast-soft-sort'] }],
  ['a paper without a name', { papers: [''] }],
  ['metrics a query that are none', { everyQuery: ['banana:letor4'] }],
  ['metrics a query without a convention', { everyQuery: ['ndcg@10'] }],
  ['a plug-in without a name', { plugins: [''] }],
  ['threads beyond the pool', {}, { experiment: 'latency[threads=10000]' }],
  ['data that changes nothing', {}, { experiment: 'stability' }],
].map(([name, top, of = {}]) => {
  const text =
    typeof top === 'string'
      ? top.replace('S', JSON.stringify(suite))
      : JSON.stringify({ name: 'x', ...top, suites: [{ ...suite, ...of }] })
  return row(`a config with ${name}`, ['run', '-c', './config.json', '--dry-run'], /./, {
    prepare: (folder) => writeFileSync(join(folder, 'config.json'), text),
  })
})

export const rows = [
  ...integers,
  ...counts,
  ...decimals,
  ...lists,
  ...names,
  ...positions,
  ...inSelectors,
  ...ofExperiments,
  ...ofData,
  ...ranges,
  ...nothingChanged,
  ...together,
  ...configs,
]
