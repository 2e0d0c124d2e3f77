/**
 * Whether kernels carry out all that was asked. A description of kernels says which parameters it honours by reading them; what it
 * does not read it cannot carry out, so at any other value than the default the reference has to do it.
 */

import type { ParamSpace, Params } from '../../core/params.ts'

/**
 * What `describe` answers for `params`, or nothing where a parameter of `space` that it never read is not at its default.
 *
 * ```ts
 * const kernels = (params: Params) => ({ numbers: [params.tau] })
 * ifHonoured(space, { tau: 2, 'straight-through': false }, kernels)  // { numbers: [2] }
 * ifHonoured(space, { tau: 2, 'straight-through': true }, kernels)   // undefined: nobody read the flag
 * ```
 *
 * Spreading the parameters would read all of them and promise too much: it throws.
 */
export function ifHonoured<T>(
  space: ParamSpace,
  params: Params,
  describe: (params: Params) => T | undefined,
): T | undefined {
  const read = new Set<string>()
  const watched = new Proxy(params, {
    get(target, name: string) {
      read.add(name)
      return target[name]
    },
    ownKeys() {
      throw new Error('a description of kernels reads the parameters that it honours one by one')
    },
  })
  const described = describe(watched)
  const dropped = Object.entries(space).some(
    ([name, { default: preset }]) => !read.has(name) && name in params && params[name] !== preset,
  )
  return dropped ? undefined : described
}
