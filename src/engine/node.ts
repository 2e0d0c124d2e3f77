/**
 * Modules of Node without an import of them: a bundle for browsers finds nothing to resolve, and there this finds nothing. Node has
 * it since 20.16.
 */

interface Builtins {
  readonly 'node:fs': typeof import('node:fs')
  readonly 'node:worker_threads': typeof import('node:worker_threads')
}

/** The module, or nothing where this is no Node. */
export const nodeModule = <Name extends keyof Builtins>(name: Name): Builtins[Name] | undefined =>
  globalThis.process?.getBuiltinModule?.(name) as Builtins[Name] | undefined
