/**
 * The library for pages and other places without files: operators, losses, plans (portable.ts), and the kernels carried along as
 * text. They are those for a memory that is not shared, so that a page need not be isolated from other origins. `rank-bench` in a bundle
 * for browsers is this, by the condition `browser` of the package's exports; `rank-bench/browser` is it by name.
 */

import { carriedKernels } from './engine/carried-kernels.ts'
import { carryKernels } from './engine/kernels.ts'

carryKernels(() => Uint8Array.from(atob(carriedKernels), (letter) => letter.charCodeAt(0)))

export * from './portable.ts'
