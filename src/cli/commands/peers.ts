/** rank-bench peers: the Python libraries measured beside ours. */

import type { Command } from 'commander'
import { findPeer, type PeerSearch } from '../../systems/python/install/detect.ts'
import { installFacts, installPeers } from '../../systems/python/install/install.ts'
import { formatStep, installPlan } from '../../systems/python/install/install-plan.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print, printJson, tell } from '../output.ts'

interface PeersFlags {
  python?: string
  indexUrl?: string
  dryRun?: boolean
  json?: boolean
}

function printSearch(search: PeerSearch): void {
  for (const { python, origin, lacks } of search.tried) print(`– ${python} (${origin}): ${lacks}`)
  if (search.status === 'found') {
    const { python, origin, pythonVersion, torch, torchsort } = search
    print(`✓ ${python} (${origin}): Python ${pythonVersion}, torch ${torch}, torchsort ${torchsort}`)
    return
  }
  print(`no Python with torchsort was found; install it with: ${search.hint}`)
  print('or name an interpreter that has it: --python <interpreter>, or RANK_BENCH_PYTHON')
}

async function list(flags: PeersFlags): Promise<void> {
  const search = await findPeer(flags.python === undefined ? {} : { python: flags.python })
  if (flags.json) printJson(search)
  else printSearch(search)
}

async function install({ python, indexUrl, dryRun }: PeersFlags): Promise<void> {
  const options = { ...(python === undefined ? {} : { python }), ...(indexUrl === undefined ? {} : { indexUrl }) }
  if (dryRun) {
    for (const step of installPlan(installFacts(options))) print(formatStep(step))
    return
  }
  const found = await installPeers(options, tell)
  print(`✓ ${found.python}: Python ${found.pythonVersion}, torch ${found.torch}, torchsort ${found.torchsort}`)
}

export function addPeers(program: Command, finish: Finish): void {
  const peers = program.command('peers').description('Python libraries measured beside ours: list | install')
  peers
    .command('list')
    .description('which interpreter has torchsort, and what the others lack')
    .option('--python <interpreter>', 'look at this one only', word)
    .option('--json', 'as JSON')
    .addHelpText('after', examples('rank-bench peers list', 'rank-bench peers list --python ~/venv/bin/python'))
    .action(async (flags: PeersFlags) => {
      await list(flags)
      finish(exitCode.good)
    })
  peers
    .command('install')
    .description('a virtual environment in your cache folder with PyTorch (CPU) and torchsort')
    .option('--python <interpreter>', 'make it from this Python', word)
    .option('--index-url <url>', 'package index to install from', word)
    .option('--dry-run', 'print the commands and stop')
    .addHelpText('after', examples('rank-bench peers install --dry-run', 'rank-bench peers install'))
    .action(async (flags: PeersFlags) => {
      await install(flags)
      finish(exitCode.good)
    })
}
