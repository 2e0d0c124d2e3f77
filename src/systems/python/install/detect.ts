/** Finds a Python interpreter that has torchsort. */

import { type Machine, managedVenv, thisMachine, venvPython } from './managed-venv.ts'
import { type PeerVersions, probePython } from './probe.ts'

/** Where a candidate was named. */
type PeerOrigin = '--python' | 'RANK_BENCH_PYTHON' | 'rank-bench peers install' | 'PATH'

interface PeerCandidate {
  readonly origin: PeerOrigin
  readonly python: string
}

/** A candidate that is no peer; `lacks` ends the sentence "this interpreter ...". */
type TriedCandidate = PeerCandidate & { readonly lacks: string }

export type FoundPeer = { readonly status: 'found'; readonly tried: readonly TriedCandidate[] } & PeerCandidate &
  PeerVersions

export type PeerSearch =
  | FoundPeer
  | { readonly status: 'missing'; readonly tried: readonly TriedCandidate[]; readonly hint: string }

interface FindOptions {
  readonly python?: string
  /** Limit of each probe; a first import of PyTorch is slow. */
  readonly timeoutMs?: number
  readonly machine?: Machine
}

const installCommand = 'rank-bench peers install'

/** Candidates in order. An interpreter named on the command line is never silently replaced by another. */
export function peerCandidates(python: string | undefined, machine: Machine): PeerCandidate[] {
  if (python !== undefined) return [{ origin: '--python', python }]
  const named = machine.env.RANK_BENCH_PYTHON
  return [
    ...(named ? [{ origin: 'RANK_BENCH_PYTHON' as const, python: named }] : []),
    { origin: 'rank-bench peers install', python: venvPython(managedVenv(machine), machine.platform) },
    { origin: 'PATH', python: machine.platform === 'win32' ? 'python' : 'python3' },
  ]
}

/** The first candidate with torch and torchsort, and why those before it are none. */
export async function findPeer(options: FindOptions = {}): Promise<PeerSearch> {
  const { python, timeoutMs = 60_000, machine = thisMachine() } = options
  const tried: TriedCandidate[] = []
  for (const candidate of peerCandidates(python, machine)) {
    const probe = await probePython(candidate.python, timeoutMs, { ...machine.env })
    if (probe.status === 'lacking') {
      tried.push({ ...candidate, lacks: probe.lacks })
      continue
    }
    return { ...candidate, ...probe, status: 'found', tried }
  }
  return { status: 'missing', tried, hint: installCommand }
}
