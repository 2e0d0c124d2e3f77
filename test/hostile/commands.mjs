/** The command line as it may be typed: options, selectors, configs, plug-ins, folders of runs. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const put = (name, text) => (folder) => writeFileSync(join(folder, name), text)
const usage = (name, args, err, more = {}) => ({ name: `typed: ${name}`, args: () => args, code: 2, err, ...more })

const options = [
  ['no such verb', ['rnu'], /unknown command 'rnu'/],
  ['no such option', ['run', '--sede', '1'], /unknown option '--sede'/],
  ['an option without its value', ['run', '--seed'], /argument missing/],
  ['a seed that is no number', ['run', '--seed', 'x'], /whole number/],
  ['a seed below zero', ['run', '--seed', '-1'], /whole number/],
  ['a fractional seed', ['run', '--seed', '1.5'], /whole number/],
  ['a profile that is not there', ['run', '--profile', 'slow'], /quick, brief, standard, thorough/],
  ['a limit of no time', ['run', '--timeout', '0'], /seconds/],
  ['a limit that no timer holds', ['run', '--timeout', '3000000'], /seconds/],
  ['no memory', ['run', '--memory', '0'], /GiB/],
  ['memory that is no number', ['run', '--memory', 'lots'], /GiB/],
  ['a config that is not there', ['run', '-c', 'quikc'], /quikc/],
  ['an engine that is not there', ['apply', 'rank:sigmoid', '--values', '[1]', '--engine', 'gpu'], /gpu/],
  ['a format that is not there', ['report', '.', '--format', 'pdf'], /terminal, markdown/],
  ['a list of what is not there', ['list', 'method'], /methods/],
  ['rows that are no number', ['check', 'rank:hard', '--rows', 'x'], /whole number/],
  ['apply without values', ['apply', 'rank:hard'], /values/],
  ['apply of nothing', ['apply'], /values/],
  ['reproduce of no paper', ['reproduce', '--paper', 'nosuch'], /nosuch/],
  ['report of nothing', ['report'], /missing required argument/],
  ['init of a thing that is not there', ['init', 'loss', 'x'], /method/],
  ['init without a name', ['init', 'method'], /missing required argument/],
].map(([name, args, err]) => usage(name, args, err))

const selectors = [
  ['an operator that is not there', 'ranks:sigmoid', /ranks:sigmoid/],
  ['a method that is not there', 'rank:sigmod', /did you mean rank:sigmoid/],
  ['a parameter that is not there', 'rank:sigmoid[strenght=1]', /did you mean strength/],
  ['a value out of range', 'rank:sigmoid[strength=-1]', /strength/],
  ['a value that is no number', 'rank:sigmoid[strength=x]', /strength/],
  ['NaN', 'rank:sigmoid[strength=NaN]', /strength/],
  ['an infinite value', 'rank:sigmoid[strength=Infinity]', /strength/],
  ['an empty value', 'rank:sigmoid[strength=]', /./],
  ['a bracket left open', 'rank:sigmoid[strength=1', /./],
  ['a bracket too many', 'rank:sigmoid[strength=1]]', /./],
  ['nothing', '', /./],
  ['a blank', ' ', /./],
  ['only an exclusion', '!rank:sigmoid', /./],
  ['a range that goes down', 'rank:sigmoid[strength=4..1]', /./],
  ['a range without an end', 'rank:sigmoid[strength=1..]', /./],
  ['a control character', 'rank:\u001b[31m', /./],
  ['a very long one', `rank:${'x'.repeat(5000)}`, /./],
  ['a parameter given twice', 'rank:sigmoid[strength=1,strength=2]', /./],
  ['__proto__', 'rank:sigmoid[__proto__=1]', /__proto__/],
  ['a name of every object', 'constructor', /constructor/],
].map(([name, selector, err]) => usage(`a selector that is ${name}`, ['run', '-m', selector, '--dry-run'], err))

const dataSelectors = [
  ['that is not there', 'sortign', /did you mean sorting/],
  ['of more values than fit', 'sorting[batch=100000,n=100000]', /10000000000 values/],
  ['of more items than a row may hold', 'sorting[n=4294967312]', /n/],
  ['of more batches than may be', 'sorting[batch=4294967312]', /batch/],
  ['of half an item', 'sorting[n=1.5]', /n/],
  ['without its path', 'letor', /letor/],
  ['whose values are none', 'given[values=axb]', /./],
].map(([name, selector, err]) =>
  usage(`data ${name}`, ['run', '-e', 'latency', '-m', 'rank:sigmoid', '-d', selector, '--dry-run'], err),
)

const suite = { experiment: 'latency', methods: ['rank:sigmoid'], datasets: ['sorting[n=8]'] }
const configs = [
  ['empty', '', /./],
  ['no JSON', '{name', /./],
  ['a list', '[]', /./],
  ['a number', '1', /./],
  ['null', 'null', /./],
  ['without suites', '{"name":"x"}', /suites/],
  ['of no suites', '{"name":"x","suites":[]}', /./],
  ['of a suite that is a text', '{"name":"x","suites":["latency"]}', /suites\.0/],
  ['with a key it does not know', JSON.stringify({ name: 'x', suites: [suite], sutes: [] }), /sutes/],
  ['with a suite key it does not know', JSON.stringify({ name: 'x', suites: [{ ...suite, sede: 1 }] }), /sede/],
  [
    'of an experiment not there',
    JSON.stringify({ name: 'x', suites: [{ ...suite, experiment: 'latensy' }] }),
    /latensy/,
  ],
  ['of a plug-in not there', JSON.stringify({ name: 'x', suites: [suite], plugins: ['./no.mjs'] }), /no\.mjs/],
  ['of a seed below zero', JSON.stringify({ name: 'x', suites: [suite], seed: -1 }), /seed/],
  ['of seeds that are texts', JSON.stringify({ name: 'x', suites: [{ ...suite, seeds: ['1'] }] }), /seeds/],
  ['of a profile not there', JSON.stringify({ name: 'x', suites: [suite], profile: 'slow' }), /profile/],
  [
    'of a precision not there',
    JSON.stringify({ name: 'x', suites: [{ ...suite, precisions: ['f16'] }] }),
    /precisions/,
  ],
  ['whose name leads out of the folder', JSON.stringify({ name: '../../x', suites: [suite] }), /name/],
].map(([name, text, err]) =>
  usage(`a config that is ${name}`, ['run', '-c', './config.json', '--dry-run'], err, {
    prepare: put('config.json', text),
  }),
)

const pluginFaults = [
  ['empty', '', /no default export/],
  ['no JavaScript', 'export default {', /does not load/],
  ['that exports null', 'export default null', /exports null/],
  ['that brings nothing', 'export default {}', /brings nothing/],
  ['that brings nothing later', 'export default async () => ({})', /brings nothing/],
  ['that throws', 'throw new Error("no")', /does not load: no/],
  ['that throws later', 'export default async () => { throw new Error("no") }', /threw: no/],
  ['that ends the process', 'process.exit(0)', /process\.exit\(0\)/],
  ['that imports what is not there', 'import "./gone.mjs"', /does not load/],
  ['of a part not there', 'export default { operators: [] }', /"operators" is no part/],
  ['of methods that are no list', 'export default { methods: {} }', /methods is no list/],
  ['of a method without a name', 'export default { methods: [{}] }', /name is undefined/],
  [
    'of a method that is there already',
    'export default { datasets: [{ name: "sorting", title: "", params: {}, licence: "", citation: "", kind: "lists" }] }',
    /already/,
  ],
].map(([name, text, err]) =>
  usage(`a plug-in ${name}`, ['check', '--plugin', './mine.mjs'], err, { prepare: put('mine.mjs', text) }),
)

const runFiles = [
  ['empty', '', /run\.json is not a run file/],
  ['no JSON', '{', /run\.json is not a run file/],
  ['an empty object', '{}', /"format" is missing/],
  ['a list', '[]', /holds a list/],
  ['of a later version', '{"format":9}', /"format" is 9/],
  [
    'without cells',
    '{"format":1,"name":"x","command":"x","createdAt":"x","seed":1,"protocol":{},"config":{}}',
    /"cells"/,
  ],
]
const verbs = [
  ['report', (folder) => ['report', folder]],
  [
    'reuse',
    (folder) => ['run', '-e', 'latency', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]', '--out', 'o', '--reuse', folder],
  ],
]
const runs = verbs.flatMap(([verb, argsOf]) => [
  ...runFiles.map(([name, text, err]) =>
    usage(`${verb} of a run.json that is ${name}`, argsOf('r'), err, {
      prepare: (folder) => {
        mkdirSync(join(folder, 'r'))
        put('r/run.json', text)(folder)
      },
    }),
  ),
  usage(`${verb} of a folder that is not there`, argsOf('gone'), /gone/),
  usage(`${verb} of a folder without a run`, argsOf('r'), /holds no run/, {
    prepare: (folder) => mkdirSync(join(folder, 'r')),
  }),
  usage(`${verb} of a file`, argsOf('f'), /f/, { prepare: put('f', 'x') }),
])

const values = [
  ['no list', '5', /./],
  ['no JSON', '[1,', /./],
  ['text', '["a"]', /./],
  ['null', '[null]', /./],
  ['NaN', '[NaN]', /./],
  ['a number too large', '[1e999]', /./],
  ['of two kinds', '[[1],2]', /./],
].map(([name, text, err]) => usage(`values that are ${name}`, ['apply', 'rank:sigmoid', '--values', text], err))

const applied = [
  ['a cotangent too short', ['--values', '[1,2]', '--cotangent', '[1]'], /cotangent/],
  ['a mask too long', ['--values', '[1,2]', '--mask', '[true,true,false]'], /mask/],
  ['labels for an operator', ['--values', '[1,2]', '--labels', '[1,0]'], /labels/],
  ['threads below one', ['--values', '[1,2]', '--threads', '0'], /./],
].map(([name, args, err]) => usage(name, ['apply', 'rank:sigmoid', ...args], err))

export const rows = [
  ...options,
  ...selectors,
  ...dataSelectors,
  ...configs,
  ...pluginFaults,
  ...runs,
  ...values,
  ...applied,
]
