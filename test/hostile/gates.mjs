/** Gates as they may be asked for: versions that are none, limits, stored runs, benchmarks that break, histories. */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const kept = join(dirname(fileURLToPath(import.meta.url)), '../../results/accuracy')
const put = (name, text) => (folder) => writeFileSync(join(folder, name), text)
const gate = (name, args, err, more = {}) => ({
  name: `gate: ${name}`,
  args: () => ['gate', ...args],
  code: 2,
  err,
  ...more,
})

const git = (folder, ...args) =>
  execFileSync('git', ['-c', 'user.name=n', '-c', 'user.email=e', ...args], { cwd: folder, stdio: 'ignore' })

/** A repository with one commit, of a project that has nothing to build. */
function repository(folder) {
  git(folder, 'init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'package.json'), '{"name":"n","version":"1.0.0"}')
  git(folder, 'add', '.')
  git(folder, 'commit', '-qm', 'one')
}

const options = [
  ['against nothing', ['--against', ''], /--against/],
  ['against what is not there', ['--against', 'nosuch'], /neither a folder, nor a ref/],
  ['against an option of git', ['--against', '--output=x'], /--against/, { absent: ['x'] }],
  ['against a name without a version', ['--against', 'rank-bench'], /neither a folder/],
  ['against a version that is none', ['--against', 'rank-bench@banana'], /neither a folder/],
  ['against a command for a shell', ['--against', '$(touch x)'], /neither a folder/, { absent: ['x'] }],
  ['against nobody, without runs', [], /--against/],
  ['one run', ['.'], /two/],
  ['three runs', ['.', '.', '.'], /two/],
  ['two folders that are no runs', ['.', '.'], /neither the directory of a run nor a baseline/],
  ['a budget of no minutes', ['--against', '.', '--budget', '0'], /minutes/],
  ['a budget below zero', ['--against', '.', '--budget', '-1'], /minutes/],
  ['a budget that is no number', ['--against', '.', '--budget', 'long'], /minutes/],
  ['a budget without end', ['--against', '.', '--budget', 'Infinity'], /minutes/],
  ['no rounds', ['--against', '.', '--rounds', '0'], /rounds|number/],
  ['more rounds than fit', ['--against', '.', '--rounds', '1000000'], /rounds|number/],
  ['half a round', ['--against', '.', '--rounds', '2.5'], /whole number/],
  ['a spending that is none', ['--against', '.', '--spending', 'all'], /obrien-fleming/],
  ['a counter that is none', ['--against', '.', '--count', 'cycles'], /perf/],
  ['an alarm of 0', ['--against', '.', '--alarm', '0'], /alarm/],
  ['an alarm of 1', ['--against', '.', '--alarm', '1'], /alarm/],
  ['an alarm that is no number', ['--against', '.', '--alarm', 'x'], /alarm/],
  ['a pass above 1', ['--against', '.', '--pass', '1.5'], /pass/],
  ['a limit without a metric', ['--against', '.', '--limit', '5%'], /metric=limit/],
  ['a limit that is no number', ['--against', '.', '--limit', 'time.*=much'], /./],
  ['a limit below zero', ['--against', '.', '--limit', 'time.*=-5%'], /./],
  ['a limit of NaN', ['--against', '.', '--limit', 'time.*=NaN%'], /./],
  ['a limit of nothing', ['--against', '.', '--limit', 'time.*='], /./],
  ['a limit without end', ['--against', '.', '--limit', 'time.*=Infinity%'], /./],
  ['two limits that say the same twice', ['--against', '.', '--limit', 'a=1=2'], /./],
  ['a policy that is not there', ['--against', '.', '--policy', 'no.json'], /no\.json/],
  ['a simulation of no gates', ['--simulate', '0'], /simulate|number/],
  ['a simulation of more gates than fit', ['--simulate', '1000000000'], /simulate|number/],
  [
    'a commands file of another count',
    ['--against', '.', '--command', 'a', '--command', 'b', '--command-before', 'a'],
    /as many of both/,
  ],
  ['a selector that is not there', ['--against', '.', '-m', 'rank:nosuch'], /rank:nosuch/],
  ['a certificate of nothing', ['--against', '.', '--certificates', 'rank:nosuch'], /./],
  ['a Python that is not there', ['--against', '.', '-m', 'rank:sigmoid', '--python-before', '/no/python'], /./],
].map(([name, args, err, more]) => gate(name, args, err, more))

const policies = [
  ['empty', ''],
  ['no JSON', '{limits'],
  ['a list', '[]'],
  ['null', 'null'],
  ['of a key it does not know', '{"limit": []}'],
  ['of limits that are a text', '{"limits": "5%"}'],
  ['of a limit without its limit', '{"limits": [{"match": "rank:*"}]}'],
  ['of a limit that is no number', '{"limits": [{"metric": "time.*", "limit": "much"}]}'],
  ['of an alarm above 1', '{"alarm": 2}'],
].map(([name, text]) =>
  gate(`a policy that is ${name}`, ['--against', '.', '--policy', 'p.json'], /p\.json|limit|alarm/, {
    prepare: put('p.json', text),
  }),
)

const unbuilt = [
  [
    'against a folder that is no build',
    ['--against', '.', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]'],
    /is no build of rank-bench/,
  ],
  [
    'against a folder with another package',
    ['--against', '.', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]'],
    /./,
    { prepare: put('package.json', '{"name":"left-pad"}') },
  ],
  [
    'against a folder whose package.json is no JSON',
    ['--against', '.', '-m', 'rank:sigmoid', '-d', 'sorting[n=8]'],
    /./,
    { prepare: put('package.json', '{') },
  ],
].map(([name, args, err, more]) => gate(name, args, err, more))

const shell = (name, text, code, more = {}) => ({ name: `gate: ${name}`, shell: text, code, limit: 60, ...more })
const few = '--rounds 4 --no-progress --timeout 5'
const commands = [
  shell('a benchmark that fails', `RB gate --against . --command 'exit 3' ${few}`, 3, { out: /exit 3/ }),
  shell('a benchmark that is not there', `RB gate --against . --command 'no-such-program' ${few}`, 3, {
    out: /not found/,
  }),
  shell('a benchmark that never ends', `RB gate --against . --command 'sleep 1000' ${few.replace('5', '1')}`, 3),
  shell(
    'a benchmark that floods its output',
    `RB gate --against . --command 'yes | head -c 200000000; echo' ${few}`,
    [0, 3, 4],
  ),
  shell('a benchmark that prints NaN', `RB gate --against . --command 'echo time NaN' ${few}`, 3, { out: /finite/ }),
  shell('a benchmark that prints NaN as JSON', `RB gate --against . --command 'echo "{\\"time\\": NaN}"' ${few}`, 3, {
    out: /finite/,
  }),
  shell(
    'a benchmark that prints more than a number holds',
    `RB gate --against . --command 'echo time 1e999' ${few}`,
    3,
    { out: /finite/ },
  ),
  shell('a benchmark that kills itself', `RB gate --against . --command 'kill -9 $$' ${few}`, 3),
  shell('a ref whose build fails', `RB gate --against HEAD --prepare 'exit 7' --command 'echo 1' ${few}`, 2, {
    prepare: repository,
    err: /exit|7/,
  }),
  shell('a ref of a repository without commits', `git init -q && RB gate --against HEAD --command 'echo 1' ${few}`, 2, {
    err: /neither a folder/,
  }),
  shell(
    'a result into a folder that is not there',
    `RB gate --against . --command 'echo 1' ${few} --junit no/such/gate.xml`,
    [0, 2, 4],
  ),
  shell(
    'a history that cannot be written',
    `RB gate --against . --command 'echo 1' ${few} --history /dev/full`,
    [2, 3],
  ),
]

/** A run that is kept, and the same with something wrong. */
const twoRuns = (change) => (folder) => {
  for (const name of ['a', 'b']) cpSync(kept, join(folder, name), { recursive: true })
  change(folder)
}
const stored = [
  ['a run that is torn', twoRuns((folder) => writeFileSync(join(folder, 'b', 'run.json'), '{"version"')), /run\.json/],
  [
    'a run without its samples',
    twoRuns((folder) => writeFileSync(join(folder, 'b', 'samples.arrow.gz'), '')),
    /samples/,
  ],
  [
    'a run whose samples are no Arrow',
    twoRuns((folder) => writeFileSync(join(folder, 'b', 'samples.arrow.gz'), 'x')),
    /samples/,
  ],
].map(([name, prepare, err]) => ({
  name: `compare: ${name}`,
  args: () => ['compare', 'a', 'b'],
  code: 2,
  err,
  prepare,
}))

const compares = [
  { name: 'compare: nothing', args: () => ['compare'], code: 2, err: /missing required argument/ },
  { name: 'compare: a run with itself', args: () => ['compare', 'a', 'a'], code: 0, prepare: twoRuns(() => {}) },
  {
    name: 'compare: a baseline that is not there',
    args: () => ['compare', 'main', 'nosuch'],
    code: 2,
    err: /neither the directory/,
  },
  {
    name: 'compare: a baseline above the folder',
    args: () => ['compare', '../../etc', 'nosuch'],
    code: 2,
    err: /neither the directory/,
  },
  {
    name: 'compare: a folder that is empty',
    args: () => ['compare', 'd', 'd'],
    code: 2,
    err: /neither the directory/,
    prepare: (folder) => mkdirSync(join(folder, 'd')),
  },
]

const histories = [
  ['of what is not there', 'no.jsonl', () => {}, /no\.jsonl/],
  ['of a folder', '.', () => {}, /./],
  ['that is empty', 'h.jsonl', put('h.jsonl', ''), /holds no gate/],
  ['that is no JSON', 'h.jsonl', put('h.jsonl', 'gate\n'), /line 1 is no gate/],
  ['of another kind of line', 'h.jsonl', put('h.jsonl', '{"a":1}\n'), /line 1 is no gate/],
  ['of null', 'h.jsonl', put('h.jsonl', 'null\n'), /line 1 is no gate/],
  ['of a list', 'h.jsonl', put('h.jsonl', '[]\n'), /line 1 is no gate/],
].map(([name, path, prepare, err]) => ({
  name: `history: ${name}`,
  args: () => ['history', path],
  code: 2,
  err,
  prepare,
}))

const doctors = [
  ['of no rounds', ['--rounds', '0']],
  ['of half a round', ['--rounds', '1.5']],
  ['of rounds that are no number', ['--rounds', 'x']],
  ['of more rounds than fit', ['--rounds', '100000000']],
  ['of an option that is not there', ['--round', '3']],
].map(([name, args]) => ({ name: `doctor: ${name}`, args: () => ['doctor', ...args], code: 2, err: /./ }))

const saves = ['../out', '', 'a/b', '.hidden', '-x'].map((name) => ({
  name: `run --save ${JSON.stringify(name)}`,
  args: () => ['run', '-c', 'quick', `--save=${name}`],
  code: 2,
  err: /baseline name|--save/,
  absent: ['../out', 'runs'],
}))

export const rows = [
  ...options,
  ...policies,
  ...unbuilt,
  ...stored,
  ...compares,
  ...histories,
  ...doctors,
  ...saves,
  ...commands,
]
