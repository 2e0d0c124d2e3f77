/** Makes the managed Python environment with torch and torchsort. The plan is install-plan.ts; this carries it out. */

import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { RankBenchError } from '../../../core/errors.ts'
import { type FoundPeer, findPeer } from './detect.ts'
import { formatStep, type InstallFacts, type InstallStep, installPlan } from './install-plan.ts'
import { type Machine, managedVenv, peersFolder, thisMachine, venvPython } from './managed-venv.ts'
import { makeShadow, nvccFolders } from './nvcc.ts'

interface InstallOptions {
  /** Package index for every package, e.g. a mirror; pip's own settings apply without it. */
  readonly indexUrl?: string
  /** The interpreter to make the environment from; python3 on PATH without it. */
  readonly python?: string
  readonly machine?: Machine
}

const keptLines = 15

const shadowRootOf = (machine: Machine): string => join(peersFolder(machine), 'without-nvcc')

/** Reads what the plan depends on; changes nothing. */
export function installFacts(options: InstallOptions = {}): InstallFacts {
  const { python, indexUrl, machine = thisMachine() } = options
  const venv = managedVenv(machine)
  const path = machine.env.PATH ?? ''
  return {
    basePython: python ?? (machine.platform === 'win32' ? 'python' : 'python3'),
    named: python !== undefined,
    venv,
    python: venvPython(venv, machine.platform),
    ...(indexUrl === undefined ? {} : { indexUrl }),
    path,
    nvccFolders: nvccFolders(path),
    shadowRoot: shadowRootOf(machine),
  }
}

type Command = Extract<InstallStep, { kind: 'command' }>

function failed(step: Command, how: string, lines: readonly string[]): RankBenchError {
  const output = lines.map((line) => `  ${line}`).join('\n')
  const message = `could not ${step.title}: ${how}\n  $ ${formatStep(step)}${output ? `\n${output}` : ''}`
  return new RankBenchError('peer', message, { hint: step.advice })
}

function runCommand(step: Command, machine: Machine, onOutput: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...machine.env, ...step.env }
    const child = spawn(step.command, step.args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const last: string[] = []
    const keep = (line: string) => {
      last.push(line)
      if (last.length > keptLines) last.shift()
      onOutput(line)
    }
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', keep)
    child.once('error', (error) => reject(failed(step, error.message, last)))
    child.once('close', (code, signal) => {
      if (code === 0) return resolve()
      reject(failed(step, signal ? `it was killed by ${signal}` : `it exited with code ${code}`, last))
    })
  })
}

async function verified(python: string, machine: Machine): Promise<FoundPeer> {
  const search = await findPeer({ python, machine })
  if (search.status === 'found') return search
  throw new RankBenchError('peer', `installed, but ${python} ${search.tried[0].lacks}`, {
    hint: `remove ${managedVenv(machine)} and run rank-bench peers install again`,
  })
}

/**
 * Carries the plan out and asks the new interpreter for its versions. `onOutput` gets the title of each step and every
 * line the step prints.
 * @throws RankBenchError(peer) naming the failing command, its last lines and what to try.
 */
export async function installPeers(options: InstallOptions, onOutput: (line: string) => void): Promise<FoundPeer> {
  const { machine = thisMachine() } = options
  const facts = installFacts(options)
  const steps = installPlan(facts)
  mkdirSync(peersFolder(machine), { recursive: true })
  try {
    for (const [index, step] of steps.entries()) {
      onOutput(`[${index + 1}/${steps.length}] ${step.title}`)
      if (step.kind === 'shadow') makeShadow(step.shadow)
      else await runCommand(step, machine, (line) => onOutput(`  ${line}`))
    }
  } finally {
    rmSync(facts.shadowRoot, { recursive: true, force: true })
  }
  return verified(facts.python, machine)
}
