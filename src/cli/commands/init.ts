/** rank-bench init: a plug-in to start from, whose check passes, or a paper whose numbers are to be judged. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Argument, type Command } from 'commander'
import { usageError } from '../../core/errors.ts'
import { writeWhole } from '../../files/write.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print } from '../output.ts'

/** The shipped examples, and the name that the new one replaces. */
const starts: Readonly<Record<string, string>> = {
  method: 'cauchy-ranks',
  dataset: 'two-crowds',
  experiment: 'rank-distance',
}

const examplePath = (kind: string): string => fileURLToPath(new URL(`../../../examples/${kind}.mjs`, import.meta.url))

/** The example with its name, and the path in its comments, exchanged. */
function skeleton(kind: string, name: string): string {
  const text = readFileSync(examplePath(kind), 'utf8')
  return text.replaceAll(`./examples/${kind}.mjs`, `./${name}.mjs`).replaceAll(starts[kind], name)
}

function initPlugin(kind: string, name: string): void {
  const path = `${name}.mjs`
  if (existsSync(path)) throw usageError(`${path} is already there`, 'choose another name, or remove it')
  writeWhole(path, skeleton(kind, name))
  print(`${path} written. Next: rank-bench check --plugin ./${path}`)
}

const paper = 'paper'
const paperExample = fileURLToPath(new URL('../../../examples/paper/', import.meta.url))

/** Rules, numbers and a page that explains them, in a folder. */
function initPaper(name: string): void {
  if (existsSync(name)) throw usageError(`${name} is already there`, 'choose another name, or remove it')
  mkdirSync(name)
  for (const file of readdirSync(paperExample)) {
    writeWhole(join(name, file), readFileSync(join(paperExample, file), 'utf8').replaceAll('my-paper', name))
  }
  print(`${name}/ written: paper.json, claims.csv, README.md. Next: rank-bench reproduce --paper ./${name}`)
}

function init(kind: string, name: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw usageError(`"${name}" cannot name a ${kind}; expected small letters, digits and hyphens, a letter first`)
  }
  if (kind === paper) initPaper(name)
  else initPlugin(kind, name)
}

export function addInit(program: Command, finish: Finish): void {
  program
    .command('init')
    .description('a plug-in to start from, whose check passes, or a paper to judge')
    .addArgument(new Argument('<kind>').choices([...Object.keys(starts), paper]))
    .argument('<name>', 'of the new method, data set, experiment or paper; also of the file or folder')
    .addHelpText('after', examples('rank-bench init method my-ranks', 'rank-bench init paper my-paper'))
    .action((kind: string, name: string) => {
      init(kind, name)
      finish(exitCode.good)
    })
}
