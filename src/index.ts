/**
 * rank-bench: differentiable sorting, ranking and learning-to-rank losses.
 *
 * Three ways in, from the easiest to the fastest:
 *
 * ```ts
 * softRank([5, 1, 2], { strength: 2 })                        // functions of plain arrays
 * apply('rank:sigmoid[strength=0.1]', [[5, 1, 2], [4, 3]])    // any operator, by selector
 * plan('rank:permutahedron', regularShape(32, 100))           // buffers allocated once, run often
 * ```
 */

export type { RunConfig } from './config/schema.ts'
export * from './portable.ts'
export {
  type ComparedRanking,
  compare,
  compareRuns,
  evaluate,
  type GateResult,
  type GateRow,
  type GateVerdict,
  gate,
  judge,
  type LibraryGateOptions,
  loadRun,
  type Merged,
  type MergeOptions,
  merge,
  render,
  report,
  run,
} from './run/library.ts'
export type { MeasuredRun, RunEvents, RunOptions } from './run/run.ts'
