/** Which peers work on this machine, and in which interpreter. */

import type { PeerGroup } from './install/groups.ts'
import { type Machine, thisMachine } from './install/managed-venv.ts'
import { type PageState, probePython } from './install/probe.ts'
import { type PeerCandidate, peerCandidates } from './install/pythons.ts'
import { pagesOf, shippedPages } from './pages.ts'

type FoundPeer =
  | { readonly status: 'found'; readonly python: string; readonly versions: Readonly<Record<string, string>> }
  /** `lacks` says what is missing of an interpreter that was found, `hint` the command that helps. */
  | { readonly status: 'missing'; readonly lacks: string | undefined; readonly hint: string }

export interface FoundGroup {
  readonly group: PeerGroup
  readonly candidates: readonly (PeerCandidate & { readonly python: string; readonly lacks?: string })[]
  readonly peers: ReadonlyMap<string, FoundPeer>
}

interface FindOptions {
  readonly python?: string | undefined
  /** Limit of each probe; a first import of PyTorch is slow. */
  readonly timeoutMs?: number
  readonly machine?: Machine
}

/** A peer that an interpreter nearly has says what; the first candidate that was made for the group says most. */
function missing(group: PeerGroup, states: readonly (PageState | undefined)[]): FoundPeer {
  const told = states.flatMap((state) => (state?.status === 'lacking' ? [state.lacks] : []))
  const [lacks] = told
  const other = lacks?.startsWith('Python ') ? ` --python <one that is>` : ''
  return { status: 'missing', lacks, hint: `rank-bench peers install ${group}${other}` }
}

/** Asks the candidates in order; each peer is taken where it works first. */
export async function findGroup(group: PeerGroup, options: FindOptions = {}): Promise<FoundGroup> {
  const { python, timeoutMs = 180_000, machine = thisMachine() } = options
  const names = pagesOf(group)
  const fileOf = (name: string): string => shippedPages.get(name)!.file
  const peers = new Map<string, FoundPeer>()
  const states = new Map<string, PageState[]>(names.map((name) => [name, []]))
  const candidates: (PeerCandidate & { lacks?: string })[] = []
  for (const candidate of peerCandidates(python, machine, group)) {
    const open = names.filter((name) => !peers.has(name))
    if (open.length === 0) break
    const probe = await probePython(candidate.python, open.map(fileOf), timeoutMs, { ...machine.env })
    const lacks = probe.status === 'lacking' ? { lacks: probe.lacks } : {}
    candidates.push(Object.assign({}, candidate, lacks))
    if (probe.status === 'lacking') continue
    for (const name of open) {
      const state = probe.pages.get(fileOf(name))!
      if (state.status === 'ready')
        peers.set(name, { status: 'found', python: candidate.python, versions: state.versions })
      else states.get(name)!.push(state)
    }
  }
  for (const name of names) if (!peers.has(name)) peers.set(name, missing(group, states.get(name)!))
  return { group, candidates, peers }
}

/** `torchsort 0.1.10, torch 2.13.0, Python 3.11.7`. */
export const versionsText = (versions: Readonly<Record<string, string>>): string =>
  Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
