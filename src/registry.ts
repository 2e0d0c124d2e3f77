/** What measuring processes load by URL: everything a cell may name. */

export { datasets } from './datasets/registry.ts'
export { experiments } from './experiments/registry.ts'
export { operators } from './methods/registry.ts'
