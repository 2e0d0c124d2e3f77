/** The options that say how plans are carried out. */

import { Option } from 'commander'
import { type Engine, mostThreads } from '../core/method.ts'
import { countUpTo } from './numbers.ts'

/** Without it kernels are taken where they can be had; with `fast` a machine that cannot run them is an error. */
export const engineOption = (): Option =>
  new Option(
    '--engine <e>',
    'fast: WebAssembly kernels where there are some (the default, if they can be had); reference: plain TypeScript',
  ).choices(['fast', 'reference'] satisfies Engine[])

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'threads of the fast engine; results do not depend on it')
    .argParser(countUpTo(mostThreads))
    .default(1)
