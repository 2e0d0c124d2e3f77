/** Adapters: the Python files that say what a peer is. Asked here, before anything is planned; worker.py computes with them. */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usageError } from '../../core/errors.ts'
import type { OperatorSpec } from '../../core/method.ts'
import { isPeer, type Presence, type Question, type Systems } from '../../core/system.ts'
import { type AdapterAnswer, adapterAnswers } from './answers.ts'
import { broughtSpec } from './brought.ts'
import { type FoundGroup, findGroup, versionsText } from './found.ts'
import { groupNames, type PeerGroup } from './install/groups.ts'
import { thisMachine } from './install/managed-venv.ts'
import { peerCandidates } from './install/pythons.ts'
import { shippedPages, usualPeers } from './pages.ts'

const here = (file: string): string => fileURLToPath(new URL(`./${file}`, import.meta.url))

const mostBytes = 2 ** 28
/** No package is imported for an answer: a Python that takes longer than this does not answer at all. */
const patienceMs = 30_000

function ask(
  python: string,
  paths: readonly string[],
  questions: readonly object[],
): readonly AdapterAnswer[] | undefined {
  const { status, stdout } = spawnSync(python, [here('offers.py')], {
    input: JSON.stringify({ paths, questions }),
    encoding: 'utf8',
    maxBuffer: mostBytes,
    timeout: patienceMs,
  })
  return status === 0 ? adapterAnswers.parse(JSON.parse(stdout)) : undefined
}

const questionOf = ({ method, dataset, precision }: Question): object => ({
  operator: method.operator,
  method: method.method,
  params: method.params,
  precision,
  dataset,
})

/** An adapter of the user's own. */
interface OwnAdapter {
  readonly name: string
  readonly path: string
  readonly python: string
  readonly versions: string
  readonly digest: string
  readonly missing: readonly string[]
  readonly brings: ReadonlyMap<string, OperatorSpec>
}

/** @throws RankBenchError(usage) when no Python can load it, or its name is taken */
function loadOwn(file: string, pythons: readonly string[]): OwnAdapter {
  const path = resolve(file)
  let digest: string
  try {
    digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 8)
  } catch (cause) {
    throw usageError(`peer ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
  let problem = 'no Python was found to load it with'
  for (const python of pythons) {
    const answer = ask(python, [path], [])?.[0]
    if (answer === undefined) continue
    if ('error' in answer || answer.lacks !== undefined) {
      problem = 'error' in answer ? answer.error : answer.lacks!
      continue
    }
    if (shippedPages.has(answer.name) || !isPeer(answer.name)) {
      throw usageError(`peer ${path} is called "${answer.name}", which is another system's name`)
    }
    const versions = Object.entries(answer.versions).map(([name, version]) => `${name} ${version}`)
    const missing = Object.entries(answer.versions).flatMap(([name, version]) => (version === null ? [name] : []))
    const brings = new Map(Object.entries(answer.brings).map(([each, said]) => [each, broughtSpec(each, said)]))
    return { brings, name: answer.name, path, python, versions: versions.join(', '), digest, missing }
  }
  throw usageError(`peer ${path} does not load: ${problem}`, 'name an interpreter: --python <interpreter>')
}

/** Python peers of a run: those that ship, and the adapters that a user brings. */
export interface PythonSystems extends Systems {
  /** Those that ship with the package. */
  readonly shipped: readonly string[]
  /** How to start a system that was described as present. */
  start(name: string): { readonly python: string; readonly adapter: string } | undefined
  /** Operators that an adapter brings along, which nobody else has, by name. */
  brings(name: string): ReadonlyMap<string, OperatorSpec>
  /** Versions of those that were asked for and are present. */
  present(): Readonly<Record<string, string>>
}

/** Interpreters that may load adapters, of any group: what a page offers is asked before anything is imported. */
const anyPythons = (python: string | undefined): string[] => [
  ...new Set(groupNames.flatMap((group) => peerCandidates(python, thisMachine(), group).map((each) => each.python))),
]

/** Groups as they are found, each asked once. */
function foundGroups(python: string | undefined): (group: PeerGroup) => Promise<FoundGroup> {
  const found = new Map<PeerGroup, Promise<FoundGroup>>()
  return (group) => {
    const known = found.get(group) ?? findGroup(group, { python })
    found.set(group, known)
    return known
  }
}

const describeOwn = ({ versions, digest, missing, python }: OwnAdapter): Presence =>
  missing.length > 0
    ? { missing: `install it with: ${python} -m pip install ${missing.join(' ')}` }
    : { versions, adapter: digest }

export function pythonSystems(python: string | undefined, files: readonly string[]): PythonSystems {
  const pythons = anyPythons(python)
  const own = new Map(files.map((file) => loadOwn(file, pythons)).map((adapter) => [adapter.name, adapter]))
  const pathOf = (name: string): string => own.get(name)?.path ?? shippedPages.get(name)!.file
  const names = [...shippedPages.keys(), ...own.keys()]
  const groupOf = foundGroups(python)
  const started = new Map<string, { readonly python: string; readonly versions: string }>()
  const describeShipped = async (name: string): Promise<Presence> => {
    const found = (await groupOf(shippedPages.get(name)!.group)).peers.get(name)!
    if (found.status === 'missing')
      return { missing: `${found.lacks === undefined ? '' : `${found.lacks}; `}install it with: ${found.hint}` }
    const versions = versionsText(found.versions)
    started.set(name, { python: found.python, versions })
    return { versions }
  }
  return {
    names,
    usual: usualPeers,
    shipped: [...shippedPages.keys()],
    async offering(questions) {
      for (const candidate of pythons) {
        const found = ask(candidate, names.map(pathOf), questions.map(questionOf))
        if (!found) continue
        const offers = found.map((answer) => ('error' in answer ? [] : answer.offers))
        return questions.map((_, i) => names.filter((__, at) => offers[at][i] === true))
      }
      return questions.map(() => names)
    },
    describe: async (name) => {
      const adapter = own.get(name)
      if (!adapter) return describeShipped(name)
      const presence = describeOwn(adapter)
      if ('versions' in presence) started.set(name, adapter)
      return presence
    },
    start(name) {
      const found = started.get(name)
      return found && { python: found.python, adapter: pathOf(name) }
    },
    brings: (name) => own.get(name)?.brings ?? new Map(),
    present: () => Object.fromEntries([...started].map(([name, { versions }]) => [name, versions])),
  }
}
