/** Loads plug-ins into the registries, where they cannot be told from built-ins. */

import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { usageError } from '../core/errors.ts'
import { registerDataset } from '../datasets/registry.ts'
import { registerExperiment } from '../experiments/registry.ts'
import { registerMethod } from '../methods/registry.ts'
import { digestOfModule } from './digest.ts'
import { kit } from './kit.ts'
import { readParts } from './plugin.ts'
import { staying } from './staying.ts'

/** A plug-in as a run records it: enough to load it again, and to see that it changed. */
export interface LoadedPlugin {
  readonly url: string
  /** SHA-256 of the module and of the local files that it imports. */
  readonly digest: string
  /** Names it brought: operators, data sets, experiments. */
  readonly names: readonly string[]
}

const loaded = new Map<string, LoadedPlugin>()

const digests = new Map<string, string>()

/** The digest of the plug-in that brought a name; built-ins have none. */
export const pluginDigests: ReadonlyMap<string, string> = digests

function digestAt(path: string): string {
  try {
    return digestOfModule(path)
  } catch (cause) {
    throw usageError(`plug-in ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
  }
}

async function importDefault(url: string, path: string): Promise<unknown> {
  let module: { default?: unknown }
  try {
    module = await import(url)
  } catch (cause) {
    throw usageError(`plug-in ${path} does not load: ${cause instanceof Error ? cause.message : cause}`)
  }
  if (module.default === undefined)
    throw usageError(`plug-in ${path} has no default export`, 'see rank-bench init method')
  return module.default
}

/**
 * Loads plug-ins by path or file URL, each once.
 * @throws RankBenchError(usage) when one cannot be read, does not load, or is not of the shape of a plug-in
 */
export async function loadPlugins(paths: readonly string[]): Promise<readonly LoadedPlugin[]> {
  const plugins: LoadedPlugin[] = []
  for (const path of paths) plugins.push(await loadPlugin(path))
  return plugins
}

async function loadPlugin(pathOrUrl: string): Promise<LoadedPlugin> {
  const path = pathOrUrl.startsWith('file:') ? fileURLToPath(pathOrUrl) : resolve(pathOrUrl)
  const url = pathToFileURL(path).href
  const known = loaded.get(url)
  if (known) return known
  const digest = digestAt(path)
  const where = `plug-in ${path}`
  const parts = await staying(where, async () => readParts(await importDefault(url, path), kit, where))
  const operators = (parts.methods ?? []).flatMap(registerMethod)
  for (const dataset of parts.datasets ?? []) registerDataset(dataset)
  for (const experiment of parts.experiments ?? []) registerExperiment(experiment)
  const others = [...(parts.datasets ?? []), ...(parts.experiments ?? [])]
  const names = [...new Set([...operators, ...others.map(({ name }) => name)])]
  for (const name of names) digests.set(name, digest)
  const plugin = { url, digest, names }
  loaded.set(url, plugin)
  return plugin
}
