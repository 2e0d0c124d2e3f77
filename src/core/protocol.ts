/** How a timed cell is measured. Part of the cell's key: numbers under two protocols are two numbers. */

export interface Protocol {
  /** Visits to a cell, each in a fresh process, all cells interleaved within a round. */
  readonly rounds: number
  /** Samples of each timing within a visit. */
  readonly samples: number
  /** A sample is a batch of calls that lasts at least this long (and at least 1,000 timer ticks). */
  readonly batchNs: number
  /** A subject runs this long before it is timed: V8 compiles a hot function several times, concurrently. */
  readonly warmupMs: number
  /** Samples are cut to what fits this budget when one call is slow, but never below 3. */
  readonly budgetMs: number
}

export const profiles = {
  quick: { rounds: 3, samples: 9, batchNs: 200_000, budgetMs: 150, warmupMs: 60 },
  brief: { rounds: 3, samples: 9, batchNs: 300_000, budgetMs: 250, warmupMs: 60 },
  standard: { rounds: 7, samples: 15, batchNs: 500_000, budgetMs: 1_000, warmupMs: 200 },
  thorough: { rounds: 15, samples: 31, batchNs: 1_000_000, budgetMs: 5_000, warmupMs: 500 },
} as const satisfies Record<string, Protocol>

export type Profile = keyof typeof profiles

export const formatProtocol = (protocol: Protocol): string =>
  `rounds=${protocol.rounds},samples=${protocol.samples},batchNs=${protocol.batchNs},budgetMs=${protocol.budgetMs},warmupMs=${protocol.warmupMs}`
