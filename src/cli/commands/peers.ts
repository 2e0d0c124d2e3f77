/** rank-bench peers: the Python libraries measured beside ours. */

import type { Command } from 'commander'
import { usageError } from '../../core/errors.ts'
import { writePeer } from '../../systems/python/example-peer.ts'
import { type FoundGroup, findGroup, versionsText } from '../../systems/python/found.ts'
import { factsOfGroup, groupNames, type PeerGroup } from '../../systems/python/install/groups.ts'
import { type InstallOptions, installFacts, installPeers } from '../../systems/python/install/install.ts'
import { formatStep, installPlan } from '../../systems/python/install/install-plan.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print, printJson, tell } from '../output.ts'

interface PeersFlags {
  python?: string
  indexUrl?: string
  torchIndex?: string
  dryRun?: boolean
  json?: boolean
}

function printGroup({ group, candidates, peers }: FoundGroup): void {
  const { first, last } = factsOfGroup(group).python
  print(
    `${group}: ${factsOfGroup(group).what} (Python ${last === undefined ? `${first} or later` : `${first} to ${last}`})`,
  )
  for (const { python, origin, lacks } of candidates) if (lacks) print(`  – ${python} (${origin}): ${lacks}`)
  for (const [name, found] of peers) {
    if (found.status === 'found') print(`  ✓ ${name}: ${versionsText(found.versions)}, ${found.python}`)
    else print(`  – ${name}: ${found.lacks ?? 'no interpreter has it'} -> ${found.hint}`)
  }
}

const toJson = ({ group, candidates, peers }: FoundGroup) => ({ group, candidates, peers: Object.fromEntries(peers) })

/** Groups that hold peers; metric libraries are asked by evaluate. */
const measured = groupNames.filter((group) => group !== 'metrics')

async function list({ python, json }: PeersFlags): Promise<void> {
  const found: FoundGroup[] = []
  for (const group of measured) found.push(await findGroup(group, { python }))
  if (json) printJson(found.map(toJson))
  else for (const each of found) printGroup(each)
}

function groupsOf(name: string): readonly PeerGroup[] {
  if (name === 'all') return groupNames
  if (groupNames.includes(name as PeerGroup)) return [name as PeerGroup]
  throw usageError(`group "${name}"; expected ${groupNames.join(', ')} or all`, 'rank-bench peers install --help')
}

async function printSteps(group: PeerGroup, options: InstallOptions): Promise<void> {
  const facts = await installFacts(group, options)
  if ('lacks' in facts) print(`– ${group}: ${facts.lacks}`)
  else for (const step of installPlan(facts)) print(formatStep(step))
}

/** @returns whether everything of the group was installed */
async function installGroup(group: PeerGroup, options: InstallOptions): Promise<boolean> {
  const done = await installPeers(group, options, tell)
  if (done.status === 'refused') {
    print(`– ${group}: ${done.lacks}`)
    return false
  }
  for (const problem of done.problems) print(`– ${group}: ${problem.message.split('\n')[0]}; ${problem.hint}`)
  if (group === 'metrics') print(`✓ metrics: ${done.python}; rank-bench evaluate --peers ${done.python}`)
  else printGroup(await findGroup(group, { python: done.python }))
  return done.problems.length === 0
}

async function install(name: string, { python, indexUrl, torchIndex, dryRun }: PeersFlags): Promise<number> {
  const options: InstallOptions = {
    ...(python === undefined ? {} : { python }),
    ...(indexUrl === undefined ? {} : { indexUrl }),
    ...(torchIndex === undefined ? {} : { torchIndex }),
  }
  let whole = true
  for (const group of groupsOf(name)) {
    if (dryRun) await printSteps(group, options)
    else whole = (await installGroup(group, options)) && whole
  }
  return whole ? exitCode.good : exitCode.incomplete
}

export function addPeers(program: Command, finish: Finish): void {
  const peers = program.command('peers').description('Python libraries measured beside ours: list | install | init')
  peers
    .command('list')
    .description('which peers work in which interpreter, and what the others lack')
    .option(
      '--python <interpreter>',
      'look at this one only, or one a group: torch=<interpreter>,jax=<interpreter>',
      word,
    )
    .option('--json', 'as JSON')
    .addHelpText('after', examples('rank-bench peers list', 'rank-bench peers list --python ~/venv/bin/python'))
    .action(async (flags: PeersFlags) => {
      await list(flags)
      finish(exitCode.good)
    })
  peers
    .command('install')
    .argument('[group]', `packages that live together: ${groupNames.join(', ')} or all`, groupNames[0])
    .description('a virtual environment a group in your cache folder; PyTorch is its CPU build')
    .option(
      '--python <interpreter>',
      'make it from this Python, or one a group: tfr=<interpreter>,jax=<interpreter>',
      word,
    )
    .option('--index-url <url>', 'package index to install from', word)
    .option(
      '--torch-index <url>',
      "where PyTorch's CPU builds are, or any: whatever build there is, CUDA included",
      word,
    )
    .option('--dry-run', 'print the commands and stop')
    .addHelpText(
      'after',
      examples(
        'rank-bench peers install --dry-run',
        'rank-bench peers install all --python torch=python3.12,jax=python3.12,tfr=python3.11',
      ),
    )
    .action(async (group: string, flags: PeersFlags) => finish(await install(group, flags)))
  peers
    .command('init')
    .argument('<name>', 'of the peer; the file is ./<name>.py')
    .description('a commented adapter of your own, to be measured with --peer')
    .addHelpText('after', examples('rank-bench peers init mine', 'rank-bench check --peer ./mine.py'))
    .action((name: string) => {
      print(`wrote ${writePeer(name)}`)
      print(`try it: rank-bench check --peer ./${name}.py`)
      finish(exitCode.good)
    })
}
