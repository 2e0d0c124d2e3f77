/** Where a run was measured. `stable` facts decide whether two runs may be mixed; the rest is for the reader. */

import { createHash } from 'node:crypto'
import { arch, availableParallelism, cpus, hostname, loadavg, platform, release, totalmem } from 'node:os'
import { engineMissing, type NoEngine } from '../engine/kernels.ts'

export interface Environment {
  readonly stable: {
    readonly cpu: string
    readonly cores: number
    readonly platform: string
    readonly arch: string
    readonly node: string
    readonly rankBench: string
  }
  /** Digest of the name of the machine, by which two of a kind are told apart; absent in earlier runs. */
  readonly host?: string
  /** Who carries out operators that have kernels, and why where it is not the engine; absent in earlier runs. */
  readonly engine?: string
  readonly v8: string
  readonly osRelease: string
  readonly memoryGiB: number
  readonly loadAverage: number
  readonly ci: boolean
}

/** What the machine gives that cells ask for. */
export const thisMachine = (): { readonly threads: number; readonly engineMissing: NoEngine | undefined } => ({
  threads: availableParallelism(),
  engineMissing: engineMissing(),
})

function engineText(): string {
  const missing = engineMissing()
  return missing ? `reference (plain TypeScript): ${missing.reason}` : 'fast (WebAssembly kernels)'
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8)

/** A container is called anew at every start: whoever starts it may say on which machine it runs. */
const nameOfMachine = (): string => process.env.RANK_BENCH_MACHINE || process.env.SLURMD_NODENAME || hostname()

/** 8 hex digits: who it is, and what of it decides how long things take. */
export const machineId = (environment: Environment): string =>
  digestOf(`${environment.host ?? ''} ${machineFacts(environment)}`)

export function readEnvironment(version: string): Environment {
  return {
    stable: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      platform: platform(),
      arch: arch(),
      node: process.versions.node,
      rankBench: version,
    },
    host: digestOf(nameOfMachine()),
    engine: engineText(),
    v8: process.versions.v8,
    osRelease: release(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    loadAverage: Math.round(loadavg()[0] * 100) / 100,
    ci: Boolean(process.env.CI),
  }
}

export const describeEnvironment = (environment: Environment): string => {
  const { cpu, cores, platform, arch, node } = environment.stable
  return `${cpu}, ${cores} cores, ${environment.memoryGiB} GiB, ${platform} ${arch}, Node ${node} (V8 ${environment.v8})`
}

/** What to tell a reader before timings: a machine of whose cores more than half are busy, so that ours will be shared at times. */
export function environmentAdvice(environment: Environment): string[] {
  return environment.loadAverage > 0.5 * environment.stable.cores
    ? [
        `load average ${environment.loadAverage} on ${environment.stable.cores} cores: other work is running; expect wide intervals`,
      ]
    : []
}

/** The facts of a machine by which numbers that were measured on it are known to be its own; the version of rank-bench is none. */
export const machineFacts = ({ stable: { cpu, cores, platform, arch, node } }: Environment): string =>
  JSON.stringify([cpu, cores, platform, arch, node])
