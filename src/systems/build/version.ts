/** Another version of this package, or of a user's own: where it stands and what tells its content. */

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { dataError } from '../../core/errors.ts'
import { git, type Source, sourceOf } from './kinds.ts'
import { type PrepareOptions, prepared } from './prepare.ts'

export interface Version {
  /** As it was asked for. */
  readonly name: string
  /** Commit, version or digest. */
  readonly content: string
  readonly root: string
  /** It is another build of rank-bench, with a measuring process of its own. */
  readonly isBuild: boolean
}

/** Modules of a build that measure a cell: as far apart from ours as two installations are. */
interface BuildModules {
  readonly workerUrl: string
  readonly registryUrl: string
}

const packageName = 'rank-bench'

/** A project need not be a package. @throws RankBenchError(data) when its package.json is no JSON */
function nameOf(root: string): unknown {
  const path = join(root, 'package.json')
  if (!existsSync(path)) return undefined
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined
  } catch (cause) {
    throw dataError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
}

/** Digest of the files of a build, the same wherever its folder stands. */
function digestOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of (readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const path = join(folder, name)
    if (statSync(path).isFile()) hash.update(`${name}\0`).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 12)
}

function contentOf(root: string, isBuild: boolean, source: Source | undefined): string {
  if (isBuild) return digestOf(join(root, 'dist'))
  if (source?.kind === 'package') return source.version
  if (source?.kind === 'ref') return source.commit.slice(0, 12)
  const commit = git(root, ['rev-parse', '--short=12', 'HEAD'])
  return commit === undefined
    ? 'no commit'
    : `${commit}${git(root, ['status', '--porcelain']) === '' ? '' : ' and changes'}`
}

function versionAt(name: string, root: string, source?: Source): Version {
  const isBuild = nameOf(root) === packageName
  if (isBuild && !existsSync(join(root, 'dist', 'measure', 'worker.js')))
    throw dataError(`${root} is not built: dist/measure/worker.js is missing`, `npm run build, in ${root}`)
  return { name, root, isBuild, content: contentOf(root, isBuild, source) }
}

/**
 * The version that `--against` names, ready to be measured.
 * @param from folder whose repository a git ref is of
 * @throws RankBenchError(usage | data) when there is none, or it cannot be built
 */
export function otherVersion(text: string, from: string, options: PrepareOptions): Version {
  const source = sourceOf(text, from)
  return versionAt(text, prepared(source, options), source)
}

/** This build, as it runs. */
export const thisBuild = (): Version =>
  versionAt('this build', fileURLToPath(new URL('../../../', import.meta.url)).replace(/[\\/]$/, ''))

/** A folder with a project in it, as it stands. */
export const thisProject = (root: string): Version => versionAt('this version', root)

export const modulesOf = ({ root }: Version): BuildModules => ({
  workerUrl: pathToFileURL(join(root, 'dist', 'measure', 'worker.js')).href,
  registryUrl: pathToFileURL(join(root, 'dist', 'registry.js')).href,
})
