/** What `--against` may name: a folder, a state of this repository, a published package. */

import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { usageError } from '../../core/errors.ts'

export type Source =
  | { readonly kind: 'checkout'; readonly folder: string }
  | { readonly kind: 'ref'; readonly ref: string; readonly commit: string; readonly repository: string }
  | { readonly kind: 'package'; readonly name: string; readonly version: string }

/** Output of git in a folder, or undefined where git refuses. */
export function git(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string | undefined {
  const { status, stdout } = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', env, maxBuffer: 2 ** 28 })
  return status === 0 ? stdout.trim() : undefined
}

const packagePattern = /^((?:@[\w.-]+\/)?[a-z0-9][\w.-]*)@(\d[\w.+-]*|latest|next)$/

/**
 * @param text a folder, else a git ref of the repository of `from`, else name@version
 * @throws RankBenchError(usage) when it is none of them
 */
export function sourceOf(text: string, from: string): Source {
  const folder = resolve(from, text)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return { kind: 'checkout', folder }
  const repository = git(from, ['rev-parse', '--show-toplevel'])
  const commit = repository && git(from, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${text}^{commit}`])
  if (repository && commit) return { kind: 'ref', ref: text, commit, repository }
  const named = packagePattern.exec(text)
  if (named) return { kind: 'package', name: named[1], version: named[2] }
  throw usageError(
    `--against ${text}: neither a folder, nor a ref of ${repository ?? `a git repository (${from} is in none)`}, nor name@version`,
    'e.g. --against ../main, --against HEAD~1, --against rank-bench@0.1.0; of a shallow clone: git fetch --unshallow',
  )
}
