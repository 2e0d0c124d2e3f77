/** The options that say how plans are carried out. */

import { Option } from 'commander'
import type { Engine } from '../core/method.ts'
import { integer } from './commands/run.ts'

export const engineOption = (preset: Engine): Option =>
  new Option('--engine <e>', 'fast: WebAssembly kernels where there are some; reference: plain TypeScript')
    .choices(['fast', 'reference'] satisfies Engine[])
    .default(preset)

export const threadsOption = (): Option =>
  new Option('--threads <n>', 'threads of the fast engine; results do not depend on it').argParser(integer).default(1)
