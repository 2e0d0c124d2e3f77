/** Who carried out the operators of cells: the engine's kernels, or plain TypeScript. */

import type { ComputedBy } from '../core/result.ts'
import { type Entry, groupBy, methodLabel, type RunData } from './view.ts'

const words: Readonly<Record<ComputedBy, string>> = {
  fast: 'kernels in WebAssembly',
  reference: 'plain TypeScript',
  'fast+reference': 'kernels in WebAssembly beside plain TypeScript',
}

const byWhom = ({ result }: Entry): ComputedBy | '' => (result.status === 'measured' && result.computedBy) || ''

const mostNamed = 6

/**
 * `computed by kernels in WebAssembly; by plain TypeScript: rank:hard, sort:hard`: the most frequent first, without names where
 * that was all. Nothing of runs that did not write it down, and of cells of others.
 */
export function computedLine(run: RunData, entries: readonly Entry[]): string[] {
  const own = entries.filter((entry) => byWhom(entry) !== '')
  if (own.length === 0) return []
  const groups = [...groupBy(own, byWhom)].sort(([, a], [, b]) => b.length - a.length)
  const told = groups.map(([by, some], i) => {
    if (i === 0) return words[by as ComputedBy]
    const names = [...new Set(some.map(({ cell }) => methodLabel(run, cell)))]
    const rest = names.length - mostNamed
    return `${words[by as ComputedBy]}: ${names.slice(0, mostNamed).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`
  })
  return [`computed by ${told.join('; by ')}`]
}
