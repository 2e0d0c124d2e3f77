/** Adapters: the Python files that say what a peer is. Asked here, before anything is planned; worker.py computes with them. */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usageError } from '../../core/errors.ts'
import { isPeer, type Presence, type Question, type Systems } from '../../core/system.ts'
import { type AdapterAnswer, adapterAnswers } from './answers.ts'
import { choosePeer, type PeerChoice } from './choice.ts'
import { peerCandidates } from './install/detect.ts'
import { thisMachine } from './install/managed-venv.ts'

const here = (file: string): string => fileURLToPath(new URL(`./${file}`, import.meta.url))

/** Name and file of every adapter that ships, in the order in which they are taken. */
const shipped: ReadonlyMap<string, string> = new Map([
  ['torchsort', here('adapters/torchsort.py')],
  ['torch', here('adapters/plain_torch.py')],
])

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
    if ('error' in answer) {
      problem = answer.error
      continue
    }
    if (shipped.has(answer.name) || !isPeer(answer.name)) {
      throw usageError(`peer ${path} is called "${answer.name}", which is another system's name`)
    }
    const versions = Object.entries(answer.versions).map(([name, version]) => `${name} ${version}`)
    const missing = Object.entries(answer.versions).flatMap(([name, version]) => (version === null ? [name] : []))
    return { name: answer.name, path, python, versions: versions.join(', '), digest, missing }
  }
  throw usageError(`peer ${path} does not load: ${problem}`, 'name an interpreter: --python <interpreter>')
}

/** Python peers of a run: those that ship, and the adapters that a user brings. */
export interface PythonSystems extends Systems {
  /** How to start a system that was described as present. */
  start(name: string): { readonly python: string; readonly adapter: string } | undefined
  /** Versions of those that were asked for and are present. */
  present(): Readonly<Record<string, string>>
}

export function pythonSystems(python: string | undefined, files: readonly string[]): PythonSystems {
  const pythons = peerCandidates(python, thisMachine()).map((candidate) => candidate.python)
  const own = new Map(files.map((file) => loadOwn(file, pythons)).map((adapter) => [adapter.name, adapter]))
  const pathOf = (name: string): string => own.get(name)?.path ?? shipped.get(name)!
  const names = [...shipped.keys(), ...own.keys()]
  const present = new Map<string, string>()
  let choice: Promise<PeerChoice> | undefined
  let chosen: PeerChoice = {}
  const describeShipped = async (name: string): Promise<Presence> => {
    choice ??= choosePeer(python)
    chosen = await choice
    if (!chosen.versions) return { missing: chosen.missing! }
    present.set(name, chosen.versions)
    return { versions: chosen.versions }
  }
  const describeOwn = ({ name, versions, digest, missing, python: found }: OwnAdapter): Presence => {
    if (missing.length > 0) return { missing: `install it with: ${found} -m pip install ${missing.join(' ')}` }
    present.set(name, versions)
    return { versions, adapter: digest }
  }
  return {
    names,
    shipped: [...shipped.keys()],
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
      return adapter ? describeOwn(adapter) : describeShipped(name)
    },
    start(name) {
      const adapter = own.get(name)
      if (adapter) return { python: adapter.python, adapter: adapter.path }
      return chosen.python === undefined ? undefined : { python: chosen.python, adapter: pathOf(name) }
    },
    present: () => Object.fromEntries(present),
  }
}
