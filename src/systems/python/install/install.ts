/** Makes the managed Python environment of a group of peers. The plan is install-plan.ts; this carries it out. */

import { execFile, spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { RankBenchError } from '../../../core/errors.ts'
import { type PeerGroup, pythonLacks } from './groups.ts'
import { formatStep, type InstallFacts, type InstallStep, installPlan } from './install-plan.ts'
import { type Machine, managedVenv, peersFolder, thisMachine, venvPython } from './managed-venv.ts'
import { makeShadow, nvccFolders } from './nvcc.ts'
import { basePythons, namedPython } from './pythons.ts'

export interface InstallOptions {
  /** Package index for every package, e.g. a mirror; pip's own settings apply without it. */
  readonly indexUrl?: string
  /** Where PyTorch's CPU builds are, or `any` build. */
  readonly torchIndex?: string
  /** The interpreter to make the environment from, or one a group; one on PATH that does without it. */
  readonly python?: string
  readonly machine?: Machine
}

const keptLines = 15
const versionLimitMs = 20_000

const shadowRootOf = (machine: Machine): string => join(peersFolder(machine), 'without-nvcc')

/** Its version, or nothing of what is no Python. */
const versionOf = (python: string, { env }: Machine): Promise<string | undefined> =>
  new Promise((resolve) => {
    const script = 'import platform; print(platform.python_version())'
    execFile(python, ['-c', script], { timeout: versionLimitMs, env: { ...env } }, (error, stdout) =>
      resolve(error ? undefined : /^\d+\.\d+\.\d+\S*$/m.exec(stdout)?.[0]),
    )
  })

type Base = { readonly python: string } | { readonly lacks: string }

/** The interpreter that was named, whatever it is; else the first on PATH that the group can have. */
async function baseOf(group: PeerGroup, named: string | undefined, machine: Machine): Promise<Base> {
  let lacks: string | undefined
  for (const python of named === undefined ? basePythons(machine) : [named]) {
    const version = await versionOf(python, machine)
    if (version === undefined) continue
    const reason = pythonLacks(group, version)
    if (reason === undefined) return { python }
    lacks ??= reason
  }
  return lacks === undefined ? { python: named ?? basePythons(machine)[0] } : { lacks }
}

/** Reads what the plan depends on; changes nothing. Or why no interpreter will do. */
export async function installFacts(
  group: PeerGroup,
  options: InstallOptions = {},
): Promise<InstallFacts | { readonly lacks: string }> {
  const { indexUrl, torchIndex, machine = thisMachine() } = options
  const named = namedPython(options.python, group)
  const base = await baseOf(group, named, machine)
  if ('lacks' in base) return base
  const venv = managedVenv(group, machine)
  const path = machine.env.PATH ?? ''
  return {
    group,
    basePython: base.python,
    named: named !== undefined,
    venv,
    python: venvPython(venv, machine.platform),
    ...(indexUrl === undefined ? {} : { indexUrl }),
    ...(torchIndex === undefined ? {} : { torchIndex }),
    platform: machine.platform,
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

/** What was done for a group: its interpreter, and the steps that failed and could be done without; or why nothing was. */
type Installed =
  | { readonly status: 'installed'; readonly python: string; readonly problems: readonly RankBenchError[] }
  | { readonly status: 'refused'; readonly lacks: string }

/**
 * Carries the plan out. `onOutput` gets the title of each step and every line the step prints.
 * @throws RankBenchError(peer) naming the failing command, its last lines and what to try, where the rest needs it
 */
export async function installPeers(
  group: PeerGroup,
  options: InstallOptions,
  onOutput: (line: string) => void,
): Promise<Installed> {
  const { machine = thisMachine() } = options
  const facts = await installFacts(group, options)
  if ('lacks' in facts) return { status: 'refused', lacks: facts.lacks }
  const steps = installPlan(facts)
  const problems: RankBenchError[] = []
  mkdirSync(peersFolder(machine), { recursive: true })
  try {
    for (const [index, step] of steps.entries()) {
      onOutput(`[${index + 1}/${steps.length}] ${step.title}`)
      if (step.kind === 'shadow') makeShadow(step.shadow)
      else
        await runCommand(step, machine, (line) => onOutput(`  ${line}`)).catch((problem: RankBenchError) => {
          if (!step.optional) throw problem
          problems.push(problem)
        })
    }
  } finally {
    rmSync(facts.shadowRoot, { recursive: true, force: true })
  }
  return { status: 'installed', python: facts.python, problems }
}
