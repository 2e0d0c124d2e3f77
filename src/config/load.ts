/** Config files -> typed values. Errors name the file and the path of the key. */

import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { readSmallText } from '../files/read-text.ts'
import { type Claim, loadClaims } from './claims.ts'
import { type Decoded, decodeConfig, decodePaper, type PaperConfig, type RunConfig } from './schema.ts'

/** Folder of the configs that ship with the package. */
const shippedConfigs = fileURLToPath(new URL('../../configs/', import.meta.url))

function readJson(path: string): unknown {
  const text = readSmallText(path)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw usageError(`config ${path} is not JSON: ${cause instanceof Error ? cause.message : cause}`)
  }
}

function load<T>(path: string, decode: (value: unknown) => Decoded<T>): T {
  const result = decode(readJson(path))
  if (result.ok) return result.value
  throw usageError(`config ${path}:\n  ${result.problems.join('\n  ')}`, 'keys and types: configs/schema.json')
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

/**
 * A config by path, or a shipped one by name (`quick`, `standard`), also where a folder, say of its results, is called the same.
 * @throws RankBenchError(usage)
 */
export function loadConfig(pathOrName: string): RunConfig {
  const shipped = join(shippedConfigs, `${pathOrName}.json`)
  const path = !isFile(pathOrName) && isFile(shipped) ? shipped : pathOrName
  if (!isFile(path) && !isPath(pathOrName) && !pathOrName.endsWith('.json'))
    throw usageError(
      `no config is called "${pathOrName}"`,
      didYouMean(pathOrName, configNames(), 'rank-bench list configs'),
    )
  const config = load(path, decodeConfig)
  return config.plugins
    ? { ...config, plugins: config.plugins.map((plugin) => resolve(dirname(path), plugin)) }
    : config
}

/**
 * A config that a program made, read as one from a file; papers that it names are here.
 * @throws RankBenchError(usage) with the path of every key that is wrong
 */
export function requireConfig(config: unknown): RunConfig {
  const result = decodeConfig(config)
  if (!result.ok) throw usageError(`config:\n  ${result.problems.join('\n  ')}`, 'keys and types: configs/schema.json')
  for (const key of result.value.papers ?? []) loadPaper(key)
  return result.value
}

/** Names of the configs that ship with the package. */
export const configNames = (): string[] =>
  readdirSync(shippedConfigs)
    .filter((file) => file.endsWith('.json') && file !== 'schema.json')
    .map((file) => basename(file, '.json'))
    .sort()

/** Keys of the papers whose claims ship with the package. */
export const paperKeys = (): string[] =>
  readdirSync(join(shippedConfigs, 'papers'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort()

/** A paper's rules and its numbers. */
interface Paper {
  /** Its key, or the folder of a user's own. */
  readonly key: string
  readonly config: PaperConfig
  readonly claims: readonly Claim[]
}

/** `claims.csv` -> rows `claims#1`, ...; in a folder of its own the paper's name tells them from another's. */
function claimsOf(config: PaperConfig, folder: string, prefix: string): Claim[] {
  return [config.claims].flat().flatMap((file) => {
    const name = basename(file, '.csv')
    return loadClaims(join(folder, file), prefix === '' ? name : `${prefix}/${name}`)
  })
}

const paperFile = 'paper.json'

const isPath = (text: string): boolean => text.includes('/') || text.includes('\\') || text === '.'

/** What protocols say of experiments, in the texts that name them. */
function underProtocol(config: PaperConfig, key: string, asked: string | undefined): PaperConfig {
  const names = Object.keys(config.protocols ?? {})
  if (asked !== undefined && !names.includes(asked))
    throw usageError(
      `${key} has no protocol "${asked}"`,
      names.length === 0
        ? `it has one only: --paper ${key}`
        : didYouMean(asked, names, `expected ${names.join(' or ')}`),
    )
  const values = Object.entries(config.protocols?.[asked ?? names[0]] ?? {})
  const filled = <Part extends { readonly experiment: string }>(part: Part): Part => ({
    ...part,
    experiment: values.reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), part.experiment),
  })
  return {
    ...config,
    suites: config.suites.map(filled),
    families: config.families.map((family) => (family.ours ? { ...family, ours: filled(family.ours) } : family)),
  }
}

/** @throws RankBenchError(usage) when the folder has no `paper.json` */
function loadFolder(folder: string): Omit<Paper, 'key'> {
  const file = join(folder, paperFile)
  if (!isFile(file)) {
    throw usageError(
      `${folder} has no ${paperFile}; expected a folder with ${paperFile} and the CSV file it names`,
      'rank-bench init paper <name> writes one to start from',
    )
  }
  const config = load(file, decodePaper)
  return { config, claims: claimsOf(config, folder, basename(resolve(folder))) }
}

/** @throws RankBenchError(usage) with the nearest key */
function loadShipped(key: string): Omit<Paper, 'key'> {
  const keys = paperKeys()
  if (!keys.includes(key)) {
    const own = isFile(join(key, paperFile)) ? `for the folder: --paper ./${key}` : 'rank-bench list papers'
    throw usageError(`no paper is called "${key}"`, didYouMean(key, keys, own))
  }
  const folder = join(shippedConfigs, 'papers')
  const config = load(join(folder, `${key}.json`), decodePaper)
  return { config, claims: claimsOf(config, folder, '') }
}

/**
 * A paper that ships, by its key, or a user's own, by its folder; `@name` behind it takes one of its protocols.
 * @throws RankBenchError(usage) with the nearest key, or protocol
 */
export function loadPaper(key: string): Paper {
  const named = /^(.+)@([\w-]+)$/.exec(key)
  const [place, protocol] = named && !isFile(join(key, paperFile)) ? [named[1], named[2]] : [key, undefined]
  const { config, claims } = isPath(place) ? loadFolder(place) : loadShipped(place)
  return { key, config: underProtocol(config, place, protocol), claims }
}
