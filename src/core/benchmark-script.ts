/** Benchmark scripts that others published, as data: what they repeat and what they print, so that both sides can be measured so. */

/** What a script times. */
export type ScriptPass = 'forward' | 'backward' | 'forward+backward' | 'step'

/**
 * `calls`: one warm-up pass on a row of `warmUpItems`, then one input again and again, the mean of all calls; the loss is the sum.
 * `batches`: a fresh input a trial, called for `batchMs` at least after `warmUp` calls; `dropped` such batches are thrown away before
 * the one that counts, and the mean over trials is printed; the loss is the sum.
 * `runs`: each pass once on a fresh input, the first included, at a random cotangent; the mean.
 * `training`: scores are scaled into [0, 1], permuted softly, the loss is the mean of 1 - log of the diagonal, stochastic gradient
 * descent moves them; the time of all steps and of a rank correlation at the end, over the number of steps.
 */
export type BenchmarkScript = { readonly passes: readonly ScriptPass[] } & (
  | { readonly program: 'calls'; readonly warmUpItems: number; readonly calls: number }
  | {
      readonly program: 'batches'
      readonly batchMs: number
      readonly dropped: number
      readonly warmUp: number
      readonly trials: number
    }
  | { readonly program: 'runs'; readonly runs: number }
  | {
      readonly program: 'training'
      readonly burnIn: number
      readonly steps: number
      readonly learningRate: number
      readonly momentum: number
      readonly weightDecay: number
    }
)

export const scriptMetric = (pass: ScriptPass): string => `script.${pass}`

/** How many inputs a script draws. */
export function inputsOf(script: BenchmarkScript): number {
  if (script.program === 'batches') return script.trials
  return script.program === 'runs' ? script.runs : 1
}
