/** What `rank-bench peers install` will do for a group, as data: pure, so that a dry run prints exactly what would happen. */

import { join } from 'node:path'
import { factsOfGroup, type PeerGroup } from './groups.ts'
import { type Shadow, shadowedPath, shadowsFor } from './nvcc.ts'

/** PyTorch's own list of builds without CUDA. */
const cpuIndex = 'https://download.pytorch.org/whl/cpu'

export interface InstallFacts {
  readonly group: PeerGroup
  /** The interpreter the environment is made from. */
  readonly basePython: string
  /** Whether the user named that interpreter: an environment made from another one is then made anew. */
  readonly named: boolean
  readonly venv: string
  /** The interpreter inside the environment. */
  readonly python: string
  readonly indexUrl?: string
  /** Where PyTorch's CPU builds are, or `any`: whatever build the index of packages has. */
  readonly torchIndex?: string
  readonly platform: NodeJS.Platform
  readonly path: string
  /** Folders of `path` that hold nvcc. */
  readonly nvccFolders: readonly string[]
  /** Where folders without nvcc may be made. */
  readonly shadowRoot: string
}

export type InstallStep =
  | { readonly kind: 'shadow'; readonly title: string; readonly shadow: Shadow }
  | {
      readonly kind: 'command'
      readonly title: string
      readonly command: string
      readonly args: readonly string[]
      /** What differs from the environment of this process; undefined unsets. */
      readonly env: Readonly<Record<string, string | undefined>>
      /** What to try when it fails. */
      readonly advice: string
      /** Whether what follows can do without it. */
      readonly optional: boolean
    }

const adviceVenv =
  'name another Python (with venv): rank-bench peers install --python <interpreter>; on Debian and Ubuntu: apt-get install python3-venv'

const anyBuild = ({ torchIndex, platform }: InstallFacts): boolean => torchIndex === 'any' || platform === 'darwin'

/**
 * The build of PyTorch as pip is asked for it. The CPU builds of Linux and Windows have a version of their own: where they are
 * not found nothing else is taken, above all no build with CUDA.
 */
const torchRequirement = (facts: InstallFacts, version: string): string =>
  anyBuild(facts) ? `torch==${version}` : `torch==${version}+cpu`

/** An index that does not answer is passed over after one more try: packages may lie elsewhere too. */
const torchOptions = (facts: InstallFacts): readonly string[] =>
  anyBuild(facts) ? [] : ['--extra-index-url', facts.torchIndex ?? cpuIndex, '--retries', '1']

function pipInstall(facts: InstallFacts, packages: readonly string[]): readonly string[] {
  const index = facts.indexUrl === undefined ? [] : ['--index-url', facts.indexUrl]
  return ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', ...index, ...packages]
}

type PipStep = ReturnType<typeof factsOfGroup>['steps'][number]

/**
 * What pip is given. A build sees no nvcc and never takes a wheel from pip's cache: one compiled against another torch installs
 * without complaint and then fails to import. Later steps name PyTorch again, so that none replaces it.
 */
function pipWords(facts: InstallFacts, step: PipStep, torch: string | undefined): readonly string[] {
  const kept = torch === undefined ? [] : [...torchOptions(facts), torchRequirement(facts, torch)]
  switch (step.mode) {
    case 'torch':
    case 'packages':
      return [...kept, ...step.requirements]
    case 'alone':
      return ['--no-deps', ...step.requirements]
    case 'compiled':
      return [
        '--no-build-isolation',
        '--no-cache-dir',
        '--no-binary',
        step.requirements[0].split('=')[0],
        ...step.requirements,
      ]
  }
}

const isCpuBuild =
  'import sys, torch; sys.exit(f"torch {torch.__version__} brings CUDA" if torch.version.cuda else None)'

/** The build that was installed is the one that was asked for. */
const seeCpuBuild = (facts: InstallFacts): InstallStep => ({
  kind: 'command',
  title: 'see that PyTorch is a CPU build',
  command: facts.python,
  args: ['-c', isCpuBuild],
  env: {},
  advice: '--torch-index any takes whatever build there is',
  optional: false,
})

function pipSteps(facts: InstallFacts, step: PipStep, torch: string | undefined): InstallStep[] {
  const shadows = step.mode === 'compiled' ? shadowsFor(facts.nvccFolders, facts.shadowRoot) : []
  const path = shadows.length > 0 ? { PATH: shadowedPath(facts.path, shadows) } : {}
  return [
    ...shadows.map((shadow): InstallStep => ({ kind: 'shadow', title: `hide nvcc of ${shadow.of}`, shadow })),
    {
      kind: 'command',
      title: step.title,
      command: facts.python,
      args: pipInstall(facts, pipWords(facts, step, torch)),
      env: step.mode === 'compiled' ? { CUDA_HOME: undefined, CUDA_PATH: undefined, ...path } : {},
      advice: step.advice,
      optional: step.mode !== 'torch',
    },
    ...(step.mode === 'torch' && !anyBuild(facts) ? [seeCpuBuild(facts)] : []),
  ]
}

/** The steps in order. */
export function installPlan(facts: InstallFacts): InstallStep[] {
  const { torch, steps } = factsOfGroup(facts.group)
  return [
    {
      kind: 'command',
      title: `make ${facts.venv}`,
      command: facts.basePython,
      // venv keeps the links of an older interpreter unless told to clear.
      args: ['-m', 'venv', ...(facts.named ? ['--clear'] : []), facts.venv],
      env: {},
      advice: adviceVenv,
      optional: false,
    },
    ...steps.flatMap((step) => pipSteps(facts, step, torch)),
  ]
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)

function environmentWords(env: Readonly<Record<string, string | undefined>>): string[] {
  const entries = Object.entries(env)
  if (entries.length === 0) return []
  const unset = entries.flatMap(([name, value]) => (value === undefined ? ['-u', name] : []))
  const set = entries.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
  return ['env', ...unset, ...set]
}

/** A step as a line that a shell would understand. */
export function formatStep(step: InstallStep): string {
  if (step.kind === 'command') {
    return [...environmentWords(step.env), step.command, ...step.args].map(quoted).join(' ')
  }
  const [of, at] = [quoted(step.shadow.of), quoted(step.shadow.at)]
  return `mkdir -p ${at} && ln -s ${of}/* ${at}/ && rm ${quoted(join(step.shadow.at, 'nvcc'))}`
}
