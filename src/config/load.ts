/** Config files -> typed values. Errors name the file and the path of the key. */

import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usageError } from '../core/errors.ts'
import { didYouMean } from '../core/suggest.ts'
import { readSmallText } from '../files/read-text.ts'
import { type Decoded, decodeConfig, decodePaper, type PaperConfig, type RunConfig } from './schema.ts'

/** Folder of the configs that ship with the package. */
export const shippedConfigs = fileURLToPath(new URL('../../configs/', import.meta.url))

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
  const config = load(path, decodeConfig)
  return config.plugins
    ? { ...config, plugins: config.plugins.map((plugin) => resolve(dirname(path), plugin)) }
    : config
}

/** Keys of the papers whose claims ship with the package. */
export const paperKeys = (): string[] =>
  readdirSync(join(shippedConfigs, 'papers'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort()

/** @throws RankBenchError(usage) with the nearest key. */
export function loadPaper(key: string): { readonly config: PaperConfig; readonly claimsPath: string } {
  const keys = paperKeys()
  if (!keys.includes(key))
    throw usageError(`no paper is called "${key}"`, didYouMean(key, keys, 'rank-bench list claims'))
  const config = load(join(shippedConfigs, 'papers', `${key}.json`), decodePaper)
  return { config, claimsPath: join(shippedConfigs, 'papers', config.claims) }
}
