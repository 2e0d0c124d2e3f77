/** `rank-bench/tfjs` for browsers: the functions of tensors, on the kernels that the library for browsers carries along. */

import './browser.ts'

export * from './tfjs.ts'
