/** What else runs on this machine, and what changes its clock: read where the system says so, undefined elsewhere. */

import { readFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'

export interface Isolation {
  readonly cores: number
  readonly loadAverage: number
  /** Frequency governor, e.g. performance. */
  readonly governor: string | undefined
  readonly turbo: 'on' | 'off' | undefined
  /** Share of the time since the start that a hypervisor gave to others. */
  readonly stolen: number | undefined
  /** Cores that the kernel keeps free. */
  readonly isolated: string | undefined
  readonly virtual: boolean
}

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim() || undefined
  } catch {
    return undefined
  }
}

/** The eighth number of `cpu` in /proc/stat, over all of them. */
function stolenShare(stat: string | undefined): number | undefined {
  const line = stat?.split('\n').find((each) => each.startsWith('cpu '))
  const ticks = line?.trim().split(/\s+/).slice(1, 9).map(Number)
  if (!ticks || ticks.length < 8) return undefined
  return ticks[7] / ticks.reduce((sum, each) => sum + each, 0)
}

const turboOf = (noTurbo: string | undefined, boost: string | undefined): Isolation['turbo'] => {
  if (noTurbo !== undefined) return noTurbo === '0' ? 'on' : 'off'
  return boost === undefined ? undefined : boost === '1' ? 'on' : 'off'
}

export function readIsolation(): Isolation {
  const cpu = '/sys/devices/system/cpu'
  return {
    cores: availableParallelism(),
    loadAverage: Math.round(loadavg()[0] * 100) / 100,
    governor: read(`${cpu}/cpu0/cpufreq/scaling_governor`),
    turbo: turboOf(read(`${cpu}/intel_pstate/no_turbo`), read(`${cpu}/cpufreq/boost`)),
    stolen: stolenShare(read('/proc/stat')),
    isolated: read(`${cpu}/isolated`),
    virtual: /^flags\b.*\bhypervisor\b/m.test(read('/proc/cpuinfo') ?? ''),
  }
}

/** What to do about it, the most useful first. */
export function isolationAdvice({ cores, loadAverage, governor, turbo, stolen, virtual }: Isolation): string[] {
  return [
    ...(loadAverage > 0.5 * cores ? [`load average ${loadAverage} on ${cores} cores: end other work`] : []),
    ...(governor !== undefined && governor !== 'performance'
      ? [`frequency governor ${governor}: cpupower frequency-set -g performance`]
      : []),
    ...(turbo === 'on' ? ['turbo is on: the clock depends on heat and neighbours; switch it off where you may'] : []),
    ...(stolen !== undefined && stolen > 0.01
      ? [`${(100 * stolen).toFixed(1)} % of the time went to other guests of this host: prefer a machine of your own`]
      : []),
    ...(virtual
      ? ['a virtual machine: compare only what was measured side by side (--against), never stored times']
      : []),
  ]
}
