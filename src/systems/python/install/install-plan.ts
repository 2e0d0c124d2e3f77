/** What `rank-bench peers install` will do, as data: pure, so that a dry run prints exactly what would happen. */

import { join } from 'node:path'
import { type Shadow, shadowedPath, shadowsFor } from './nvcc.ts'

/** The versions torchsort was seen to build and run with. */
const pinned = { torch: '2.13.0', torchsort: '0.1.10', setuptools: '84.2.1' } as const

/** Not pinned: any version that PyTorch accepts. pybind11 headers come with PyTorch. */
const tools = ['numpy', `setuptools==${pinned.setuptools}`, 'wheel', 'ninja']

export interface InstallFacts {
  /** The interpreter the environment is made from. */
  readonly basePython: string
  /** Whether the user named that interpreter: an environment made from another one is then made anew. */
  readonly named: boolean
  readonly venv: string
  /** The interpreter inside the environment. */
  readonly python: string
  readonly indexUrl?: string
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
    }

const adviceVenv =
  'name another Python (3.10 or later, with venv): rank-bench peers install --python <interpreter>; on Debian and Ubuntu: apt-get install python3-venv'
const advicePackages = `torch ${pinned.torch} needs Python 3.10 or later: --python <interpreter>; behind a mirror: --index-url <url>; or name an interpreter that has torchsort: RANK_BENCH_PYTHON=<interpreter>`
const adviceBuild =
  'torchsort is compiled: it needs a C++ compiler and the Python headers (Debian and Ubuntu: apt-get install g++ python3-dev); or name an interpreter that has torchsort: RANK_BENCH_PYTHON=<interpreter>'

function pipInstall(facts: InstallFacts, packages: readonly string[]): readonly string[] {
  const index = facts.indexUrl === undefined ? [] : ['--index-url', facts.indexUrl]
  return ['-m', 'pip', 'install', '--disable-pip-version-check', '--progress-bar', 'off', ...index, ...packages]
}

/**
 * The steps in order. The build sees no nvcc and no CUDA_HOME, and never takes a wheel from pip's cache: one compiled
 * against another torch installs without complaint and then fails to import.
 */
export function installPlan(facts: InstallFacts): InstallStep[] {
  const shadows = shadowsFor(facts.nvccFolders, facts.shadowRoot)
  const build = ['--no-build-isolation', '--no-cache-dir', '--no-binary', 'torchsort', `torchsort==${pinned.torchsort}`]
  // venv keeps the links of an older interpreter unless told to clear.
  const clear = facts.named ? ['--clear'] : []
  const buildEnv = { PATH: shadowedPath(facts.path, shadows), CUDA_HOME: undefined, CUDA_PATH: undefined }
  return [
    {
      kind: 'command',
      title: `make ${facts.venv}`,
      command: facts.basePython,
      args: ['-m', 'venv', ...clear, facts.venv],
      env: {},
      advice: adviceVenv,
    },
    {
      kind: 'command',
      title: `install torch ${pinned.torch} and build tools`,
      command: facts.python,
      args: pipInstall(facts, [`torch==${pinned.torch}`, ...tools]),
      env: {},
      advice: advicePackages,
    },
    ...shadows.map((shadow): InstallStep => ({ kind: 'shadow', title: `hide nvcc of ${shadow.of}`, shadow })),
    {
      kind: 'command',
      title: `build torchsort ${pinned.torchsort}`,
      command: facts.python,
      args: pipInstall(facts, build),
      env: shadows.length > 0 ? buildEnv : { CUDA_HOME: undefined, CUDA_PATH: undefined },
      advice: adviceBuild,
    },
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
