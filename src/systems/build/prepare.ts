/**
 * The folder of another version, ready to be measured: a checkout as it stands; a commit, written out and built once; a package,
 * installed once. What is made is kept by its content in the user's cache folder, beside the peers, and written whole or not at all.
 */

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { dataError } from '../../core/errors.ts'
import { now } from '../../measure/clock.ts'
import { peersFolder } from '../python/install/managed-venv.ts'
import { git, type Source } from './kinds.ts'

export interface PrepareOptions {
  /** Shell command that builds a commit, in its folder; default: what package.json says. */
  readonly prepare?: string | undefined
  /** Told what takes time. */
  readonly note: (text: string) => void
}

/** Versions that are kept; older ones make room. */
const mostKept = 6

const buildsFolder = (): string => join(dirname(peersFolder()), 'builds')

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

function run(command: string, folder: string, env: NodeJS.ProcessEnv = process.env): void {
  const { status, stdout, stderr } = spawnSync(command, {
    cwd: folder,
    shell: true,
    encoding: 'utf8',
    env,
    maxBuffer: 2 ** 28,
  })
  if (status === 0) return
  const last = `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n  ')
  throw dataError(
    `${command}: ended with ${status ?? 'a signal'} in the folder of the other version:\n  ${last}`,
    'name a command that builds it: --prepare <command>',
  )
}

const textOf = (path: string): string | undefined => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

/** Packages of the working copy serve where both lock files are the same; else they are installed. */
function addPackages(folder: string, repository: string): void {
  const lock = textOf(join(folder, 'package-lock.json'))
  if (lock === undefined || existsSync(join(folder, 'node_modules'))) return
  const here = join(repository, 'node_modules')
  if (existsSync(here) && lock === textOf(join(repository, 'package-lock.json')))
    symlinkSync(here, join(folder, 'node_modules'))
  else run('npm ci --no-audit --no-fund --prefer-offline', folder)
}

/** The files of a commit, without a trace in the repository: its index and its worktrees stay as they are. */
function writeOut(commit: string, repository: string, folder: string): void {
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, '.index') }
  const written =
    git(repository, ['read-tree', commit], env) !== undefined &&
    git(repository, ['checkout-index', '--all', `--prefix=${folder}/`], env) !== undefined
  rmSync(join(folder, '.index'), { force: true })
  if (!written) throw dataError(`git cannot write out ${commit} of ${repository}`, 'git fsck')
}

function buildCommit(source: Extract<Source, { kind: 'ref' }>, folder: string, prepare: string | undefined): void {
  writeOut(source.commit, source.repository, folder)
  addPackages(folder, source.repository)
  if (prepare !== undefined) run(prepare, folder)
  else if (existsSync(join(folder, 'package.json'))) run('npm run build --if-present', folder)
}

/** Nothing of it is somebody's work: the oldest are made again when they are asked for. */
function makeRoom(): void {
  const all = readdirSync(buildsFolder()).filter((name) => !name.startsWith('.'))
  const byAge = all
    .map((name) => ({ name, at: statSync(join(buildsFolder(), name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)
  for (const { name } of byAge.slice(mostKept)) rmSync(join(buildsFolder(), name), { recursive: true, force: true })
}

/** The kept folder of this content, made when it is not there yet. */
function kept(name: string, make: (folder: string) => void): string {
  const folder = join(buildsFolder(), name)
  if (!existsSync(folder)) {
    mkdirSync(buildsFolder(), { recursive: true })
    const making = mkdtempSync(join(buildsFolder(), '.making-'))
    try {
      make(making)
      // Somebody else may have made the same meanwhile.
      if (!existsSync(folder)) renameSync(making, folder)
    } finally {
      rmSync(making, { recursive: true, force: true })
    }
  }
  utimesSync(folder, now(), now())
  makeRoom()
  return folder
}

/**
 * @returns the folder that holds the package.json of the other version
 * @throws RankBenchError(data) with the last lines of what failed
 */
export function prepared(source: Source, { prepare, note }: PrepareOptions): string {
  switch (source.kind) {
    case 'checkout':
      return source.folder
    case 'ref': {
      const name = `${source.commit.slice(0, 12)}-${short(JSON.stringify([source.commit, prepare ?? '', process.version]))}`
      return kept(name, (folder) => {
        note(`building ${source.ref} (${source.commit.slice(0, 12)}) beside this version; kept for the next time`)
        buildCommit(source, folder, prepare)
      })
    }
    case 'package': {
      const spec = `${source.name}@${source.version}`
      const folder = kept(`${source.name.replaceAll('/', '-')}-${short(spec + process.version)}`, (making) => {
        note(`installing ${spec} beside this version; kept for the next time`)
        run(`npm install --prefix . --no-audit --no-fund --no-package-lock '${spec}'`, making)
      })
      return join(folder, 'node_modules', source.name)
    }
  }
}
