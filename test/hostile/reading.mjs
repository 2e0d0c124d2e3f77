/** Bad files through every door that reads one; bad outputs through every door that writes one; an input named as output. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { badFiles, badOutputs } from './files.mjs'

const good = {
  labels: '1 qid:1 1:1 #docid = a\n0 qid:1 1:2 #docid = b\n',
  scores: '2\n1\n',
  qrels: '1 0 a 1\n1 0 b 0\n',
  run: '1 Q0 a 1 2 t\n1 Q0 b 2 1 t\n',
  groups: '2\n',
}
export const putGood = (folder) => {
  for (const [name, text] of Object.entries(good)) writeFileSync(join(folder, name), text)
}
const metrics = ['--metrics', 'ndcg@5:trec']

/** Doors: what is called with the bad file. `whole`: reads small texts whole. */
const doors = [
  { name: 'labels', args: (bad) => ['evaluate', '--labels', bad, '--scores', 'scores', ...metrics] },
  { name: 'scores', args: (bad) => ['evaluate', '--labels', 'labels', '--scores', bad, ...metrics] },
  {
    name: 'groups',
    args: (bad) => ['evaluate', '--labels', 'labels', '--groups', bad, '--scores', 'scores', ...metrics],
  },
  { name: 'qrels', args: (bad) => ['evaluate', '--qrels', bad, '--run', 'run', ...metrics] },
  { name: 'run', args: (bad) => ['evaluate', '--qrels', 'qrels', '--run', bad, ...metrics] },
  { name: 'compare', args: (bad) => ['evaluate', '--qrels', 'qrels', '--compare', 'run', bad, ...metrics] },
  { name: 'data add', args: (bad) => ['data', 'add', 'letor:mq2008', bad, '--data', 'root'], archives: true },
  { name: 'config', args: (bad) => ['run', '-c', bad, '--dry-run'], whole: true },
  { name: 'values', args: (bad) => ['apply', 'rank:hard', '--values', `@${bad}`], whole: true },
]

/** Doors that say it in their own words. */
const own = {
  'that is a folder': { 'data add': /holds neither S1/ },
  'that is a tar archive': { 'data add': /holds neither S1/ },
}

const inputs = doors.flatMap((door) =>
  badFiles
    .filter((file) => !door.whole || file.sized)
    .map((file) => ({
      name: `${door.name}: a file ${file.name}`,
      prepare: (folder) => {
        putGood(folder)
        file.make(join(folder, 'bad'))
      },
      args: (folder) => door.args(file.at ? file.at(join(folder, 'bad')) : 'bad'),
      code: 2,
      err: own[file.name]?.[door.name] ?? (door.whole || door.archives ? /error: / : file.says),
    })),
)

const outputs = badOutputs.map((output) => ({
  name: `evaluate -o ${output.name}`,
  prepare: putGood,
  args: (folder) => ['evaluate', '--labels', 'labels', '--scores', 'scores', ...metrics, '-o', output.make(folder)],
  code: 2,
  err: output.says,
}))

const ontoInputs = [
  ['labels', ['--labels', 'labels', '--scores', 'scores']],
  ['scores', ['--labels', 'labels', '--scores', 'scores']],
  ['./scores', ['--labels', 'labels', '--scores', 'scores']],
  ['qrels', ['--qrels', 'qrels', '--run', 'run']],
  ['run', ['--qrels', 'qrels', '--compare', 'run', 'run']],
  ['groups', ['--labels', 'labels', '--scores', 'scores', '--groups', 'groups']],
].map(([output, flags]) => ({
  name: `evaluate -o onto ${output}, which is read`,
  prepare: putGood,
  args: () => ['evaluate', ...flags, ...metrics, '-o', output],
  code: 2,
  err: /would be overwritten/,
}))

export const rows = [...inputs, ...outputs, ...ontoInputs]
