/** The benchmark scripts that peers publish, by the name of what they are of: what each repeats, and where we cannot repeat it exactly. */

import type { BenchmarkScript, ScriptPass } from '../../core/benchmark-script.ts'
import type { Cell } from '../../core/cell.ts'
import { hard } from '../../core/method-ref.ts'

interface Published {
  readonly source: string
  /** Who is timed: the package itself, or, where its authors published none, the one that has their formulas. */
  readonly systems: readonly string[]
  readonly script: BenchmarkScript
  /** How its numbers come about, and in what they differ from ours. */
  readonly says: string
  /** What is another thing here than in the script. */
  readonly departs: string
}

const forwardAndBoth: readonly ScriptPass[] = ['forward', 'forward+backward']

const softBatches = { program: 'batches', passes: forwardAndBoth, batchMs: 400, dropped: 3, warmUp: 3 } as const

const published = {
  torchsort: {
    source: 'extra/benchmark.py of torchsort 0.1.10',
    systems: ['torchsort', 'torch.sort'],
    script: { program: 'calls', passes: forwardAndBoth, warmUpItems: 10, calls: 100 },
    says: 'one warm-up call at 1 x 10, then the mean of 100 calls on one input, loss sum(): of l2 soft sorts its gradient is all ones, of soft ranks 0',
    departs: 'fast_soft_sort, which it times too, is not among the peers',
  },
  softsort: {
    source: 'pytorch/synthetic_experiment_speed_comparison.py of sprillo/softsort',
    systems: ['difftopk'],
    script: {
      program: 'training',
      passes: ['step'],
      burnIn: 1,
      steps: 100,
      learningRate: 10,
      momentum: 0.5,
      weightDecay: 0.01,
    },
    says: 'a whole training step: scaling to [0, 1], the matrix, 1 - log of its diagonal, backward, SGD; the mean of 100 steps after one, a rank correlation in the time',
    departs:
      'the operators are those of difftopk, since the repository is no package; n stops at 200: 100 steps at its upper end of 4,000 take an hour',
  },
  softjax: {
    source: 'benchmarks/benchmark.py of softjax 0.1.1',
    systems: ['softjax'],
    script: { ...softBatches, trials: 3 },
    says: 'batches of 400 ms on one input after three such batches and three calls, the mean of three trials with fresh inputs, gradient of sum() alone, without the value',
    departs:
      'standardize=False: its default, true, scales values before it sorts, which is another operator than ours; softness is a constant of the compiled function',
  },
  softtorch: {
    source: 'benchmarks/benchmark.py of softtorch 0.1.1',
    systems: ['softtorch'],
    script: { ...softBatches, trials: 1 },
    says: 'as that of softjax, one trial; forward without a graph (no_grad), and softness 1 where softjax has 0.1',
    departs: 'standardize=False, as for softjax',
  },
  lapsum: {
    source: 'lapsum/tests/test_topk.py of gmum/LapSum',
    systems: ['lapsum'],
    script: { program: 'runs', passes: ['forward', 'backward'], runs: 3 },
    says: 'every pass once on each of three inputs, the first included, no warm-up; a random cotangent',
    departs:
      'k is the same whole number in all rows and alpha one number, without gradients of their own; there both are drawn',
  },
} as const satisfies Readonly<Record<string, Published>>

type ScriptName = keyof typeof published

export const scriptNames = Object.keys(published) as readonly ScriptName[]

export const publishedOf = ({ experiment }: Pick<Cell, 'experiment'>): Published =>
  published[experiment.params.protocol as ScriptName]

/** What is timed of a cell: of a sort without softness there is no gradient in any of them. */
export function scriptOf(cell: Cell): BenchmarkScript {
  const { script } = publishedOf(cell)
  return cell.method.method === hard ? { ...script, passes: ['forward'] } : script
}
