/** What measuring processes load by URL: everything a cell may name, and the way to add plug-ins to it. */

export { datasets, kindNamed, kindNames } from './datasets/registry.ts'
export { experiments } from './experiments/registry.ts'
export { operators } from './methods/registry.ts'
export { type LoadedPlugin, loadPlugins, pluginDigests } from './plugins/load.ts'
