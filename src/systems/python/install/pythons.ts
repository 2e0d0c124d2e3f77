/** Which interpreters a group of peers may have: those that were named, the managed one, those on PATH. */

import { usageError } from '../../../core/errors.ts'
import { groupNames, type PeerGroup } from './groups.ts'
import { earlierVenv, type Machine, managedVenv, venvPython } from './managed-venv.ts'

/** Where a candidate was named. */
type PeerOrigin = '--python' | 'RANK_BENCH_PYTHON' | 'rank-bench peers install' | 'PATH'

export interface PeerCandidate {
  readonly origin: PeerOrigin
  readonly python: string
}

/** The interpreter of a group in `python`, or in `torch=python,jax=other`; nothing where another group is named. */
export function namedPython(text: string | undefined, group: PeerGroup): string | undefined {
  if (text === undefined || text === '') return undefined
  const parts = text.split(',').map((part) => /^([a-z]+)=(.+)$/.exec(part.trim()))
  if (!parts[0]) return text
  for (const part of parts) {
    if (part && groupNames.includes(part[1] as PeerGroup)) continue
    throw usageError(
      `interpreters "${text}"; expected one interpreter, or one a group: ${groupNames.map((name) => `${name}=<interpreter>`).join(',')}`,
      'rank-bench peers list',
    )
  }
  return parts.find((part) => part![1] === group)?.[2]
}

/** Candidates in order. An interpreter named on the command line is never silently replaced by another. */
export function peerCandidates(python: string | undefined, machine: Machine, group: PeerGroup): PeerCandidate[] {
  const flag = namedPython(python, group)
  if (flag !== undefined) return [{ origin: '--python', python: flag }]
  const named = namedPython(machine.env.RANK_BENCH_PYTHON, group)
  const managed = [managedVenv(group, machine), ...(group === 'torch' ? [earlierVenv(machine)] : [])]
  return [
    ...(named ? [{ origin: 'RANK_BENCH_PYTHON' as const, python: named }] : []),
    ...managed.map((venv) => ({
      origin: 'rank-bench peers install' as const,
      python: venvPython(venv, machine.platform),
    })),
    { origin: 'PATH', python: machine.platform === 'win32' ? 'python' : 'python3' },
  ]
}

/** Programs that may be a Python that a new environment can be made from, the usual one first. */
export const basePythons = ({ platform }: Machine): readonly string[] =>
  platform === 'win32' ? ['python'] : ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10']
