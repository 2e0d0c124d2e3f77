/** A copy of the house in which something new can move in: what it brings, and what has to be changed for it. */

import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { cleanEnvironment, type Ended, temporaryFolder } from '../harness.ts'

/** A line that is added to a file of the house, after one that stands there. */
export interface Addition {
  readonly file: string
  readonly after: string
  readonly line: string
}

/** Something new: its files by path, and the lines that make it known. */
export interface Newcomer {
  readonly files: Readonly<Record<string, string>>
  readonly lines: readonly Addition[]
}

/** Folders below `src` in which a newcomer's files lie. */
export const foldersOf = ({ files }: Newcomer): string[] => [...new Set(Object.keys(files).map(dirname))]
/** Files of the house that are changed for it. */
export const changedBy = ({ lines }: Newcomer): string[] => [...new Set(lines.map(({ file }) => file))]

const copied = ['src', 'bin', 'scripts', 'configs', 'package.json', 'tsconfig.json', 'tsconfig.build.json']

/** @returns the folder of a copy of everything that a build needs */
export function copyHouse(): string {
  const house = temporaryFolder()
  const isTest = (path: string) => path.endsWith('.test.ts')
  for (const name of copied) cpSync(name, join(house, name), { recursive: true, filter: (path) => !isTest(path) })
  symlinkSync(resolve('node_modules'), join(house, 'node_modules'), 'dir')
  return house
}

export function moveIn(house: string, { files, lines }: Newcomer): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(house, 'src', dirname(path)), { recursive: true })
    writeFileSync(join(house, 'src', path), text)
  }
  for (const { file, after, line } of lines) {
    const path = join(house, 'src', file)
    const text = readFileSync(path, 'utf8')
    if (text.split(after).length !== 2) throw new Error(`${file} does not hold "${after}" once`)
    writeFileSync(
      path,
      text.replace(after, () => `${after}${line}`),
    )
  }
}

function inHouse(house: string, command: string, args: readonly string[]): Ended {
  const ended = spawnSync(command, args, {
    cwd: house,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    env: cleanEnvironment(join(house, 'cache')),
  })
  return { code: ended.status, out: ended.stdout, err: ended.stderr }
}

const tsc = (house: string, ...args: string[]): Ended =>
  inHouse(house, process.execPath, [
    resolve('node_modules/typescript/bin/tsc'),
    '-p',
    'tsconfig.build.json',
    '--pretty',
    'false',
    ...args,
  ])

/** Files that the compiler finds fault with, each once, without building anything. */
export function faulty(house: string): string[] {
  const { out } = tsc(house, '--noEmit')
  return [...new Set([...out.matchAll(/^src\/(\S+?)\(\d+,\d+\): error/gm)].map(([, file]) => file))].sort()
}

/** Kernels, TypeScript and what is copied beside it. @throws Error with what the build said */
export function build(house: string): void {
  const steps = [
    inHouse(house, process.execPath, ['scripts/kernels.mjs']),
    tsc(house),
    inHouse(house, process.execPath, ['scripts/assets.mjs']),
  ]
  const failed = steps.find(({ code }) => code !== 0)
  if (failed) throw new Error(`the house does not build:\n${failed.out}${failed.err}`)
}

/** The built command of the copy. */
export const inCopy = (house: string, ...args: string[]): Ended =>
  inHouse(house, process.execPath, ['bin/rank-bench.js', ...args])
