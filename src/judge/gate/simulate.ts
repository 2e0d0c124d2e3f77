/**
 * Gates on planted times: seeded processes with drift, modes and outliers, judged by the same looks as real ones. What the
 * decision rule is worth is counted here before any machine is asked.
 */

import type { GatePlan, GateVerdict } from '../../core/gate.ts'
import { type Random, randomStream } from '../../core/random.ts'
import { confirmingLooks, type Family, isConfirmed, type Question, takeLook } from './sequential.ts'

/** Factors on the times of the processes of one subject, one after another in time. */
type Noise = (random: Random) => () => number

/** What machines were seen to do, and some things worse than that. */
export const noises = {
  quiet: (random) => () => Math.exp(0.01 * random.normal()),
  noisy: (random) => () => Math.exp(0.04 * random.normal()),
  drift: (random) => {
    let process = 0
    return () => Math.exp(0.004 * process++ + 0.01 * random.normal())
  },
  /** Neighbours come and go: disturbances last for some processes. */
  autocorrelated: (random) => {
    let level = 0
    return () => {
      level = 0.9 * level + 0.02 * random.normal()
      return Math.exp(level + 0.005 * random.normal())
    }
  },
  /** Three processes in ten run half as fast throughout. */
  bimodal: (random) => () => (random.uniform() < 0.3 ? 1.5 : 1) * Math.exp(0.01 * random.normal()),
  outliers: (random) => () =>
    (random.uniform() < 0.05 ? 1 + 9 * random.uniform() : 1) * Math.exp(0.01 * random.normal()),
  /** Tails without a variance. */
  heavy: (random) => () => Math.exp((0.01 * random.normal()) / Math.max(1e-3, Math.abs(random.normal()))),
} as const satisfies Readonly<Record<string, Noise>>

interface Planted {
  readonly noise: Noise
  /** Numbers of the gate; all but the first are unchanged. */
  readonly numbers: number
  /** True ratio of the first number, later over earlier. */
  readonly ratio: number
  readonly limit: number
}

/** One pair: chance decides who goes first. */
function difference(random: Random, next: () => number, ratio: number): number {
  const [first, second] = [next(), next()]
  const [after, before] = random.uniform() < 0.5 ? [first, second] : [second, first]
  return Math.log((after * ratio) / before)
}

function confirmed(draw: () => number, limit: number, plan: GatePlan): boolean {
  const differences: number[] = []
  return confirmingLooks(plan).some((until, look) => {
    while (differences.length < until) differences.push(draw())
    return isConfirmed({ differences, limit }, plan, look)
  })
}

/** @returns the verdict of each number, and the round of the last decision */
function simulateGate(planted: Planted, plan: GatePlan, seed: string): { verdicts: GateVerdict[]; rounds: number } {
  const { noise, numbers, ratio, limit } = planted
  const random = randomStream(1, seed)
  const sources = Array.from({ length: numbers }, () => noise(random))
  const differences: number[][] = sources.map(() => [])
  const verdicts = new Array<GateVerdict>(numbers).fill('inconclusive')
  const draw = (i: number) => difference(random, sources[i], i === 0 ? ratio : 1)
  let open = sources.map((_, i) => i)
  let family: Family = { size: numbers, alarms: 0 }
  let rounds = 0
  for (const [look, until] of plan.looks.entries()) {
    for (const i of open) while (differences[i].length < until) differences[i].push(draw(i))
    rounds = until
    const looked = takeLook(
      open.map((i): Question => ({ differences: differences[i], limit: Math.log1p(limit) })),
      plan,
      look,
      family,
    )
    open.forEach((i, at) => {
      verdicts[i] = looked[at].verdict ?? 'inconclusive'
    })
    family = { ...family, alarms: verdicts.filter((each) => each === 'regressed').length }
    open = open.filter((_, at) => looked[at].verdict === undefined)
    if (open.length === 0) break
  }
  verdicts.forEach((verdict, i) => {
    if (verdict === 'regressed' && !confirmed(() => draw(i), Math.log1p(limit), plan)) verdicts[i] = 'inconclusive'
  })
  return { verdicts, rounds }
}

/** How often a gate of planted times ends in what. */
interface Rates {
  /** Of any number, when none has changed. */
  readonly alarm: number
  readonly pass: number
  readonly inconclusive: number
  /** Median rounds to the last decision. */
  readonly rounds: number
}

export function simulateGates(planted: Planted, plan: GatePlan, gates: number, name: string): Rates {
  let [alarm, pass] = [0, 0]
  const rounds: number[] = []
  for (let gate = 0; gate < gates; gate++) {
    const result = simulateGate(planted, plan, `${name} ${gate}`)
    rounds.push(result.rounds)
    if (result.verdicts.includes('regressed')) alarm++
    else if (!result.verdicts.includes('inconclusive')) pass++
  }
  rounds.sort((a, b) => a - b)
  return {
    alarm: alarm / gates,
    pass: pass / gates,
    inconclusive: (gates - alarm - pass) / gates,
    rounds: rounds[gates >> 1],
  }
}
