/**
 * The order of visits. Untimed cells first, each once; then timed cells, every one once a round, in an order shuffled
 * anew each round from the run's seed, so that a slow minute of the machine falls on all subjects alike.
 */

import { randomStream } from '../core/random.ts'

export interface PlannedVisit {
  readonly key: string
  readonly round: number
  readonly timed: boolean
}

interface Schedulable {
  readonly key: string
  readonly timed: boolean
}

export function schedule(cells: readonly Schedulable[], rounds: number, seed: number): PlannedVisit[] {
  const untimed = cells.filter((cell) => !cell.timed).map((cell) => ({ key: cell.key, round: 0, timed: false }))
  const timed = cells.filter((cell) => cell.timed)
  const random = randomStream(seed, 'schedule')
  const visits: PlannedVisit[] = []
  for (let round = 0; round < rounds; round++) {
    for (const cell of random.shuffle([...timed])) visits.push({ key: cell.key, round, timed: true })
  }
  return [...untimed, ...visits]
}
