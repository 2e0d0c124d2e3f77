/** Does it hold at this size? Reading, training and evaluating one fold, with what each takes. */

import type { RankingDataset } from '../core/dataset.ts'
import { randomStream } from '../core/random.ts'
import type { Ref } from '../core/selector.ts'
import { describeEnvironment, readEnvironment } from '../measure/environment.ts'
import { version } from '../measure/version.ts'
import { evaluateAll } from '../metrics/evaluate.ts'
import { parseMetrics } from '../metrics/metric.ts'
import { operators } from '../registry.ts'
import { left, type ReportTable, right } from '../report/table.ts'
import { linearModel } from '../train/linear.ts'
import { outputsOf } from '../train/model.ts'
import { epochSeconds } from './epoch.ts'
import { type ReadingOptions, readingSteps } from './reading.ts'
import { rowOf, type Step, told } from './step.ts'

interface ScaleOptions extends ReadingOptions {
  readonly root: string | undefined
  readonly fold: string
}

/** What is trained: a plain listwise loss, whose cost is that of the reading and scoring around it. */
const usualLoss = 'loss:listnet'
const metrics = parseMetrics('ndcg@5:letor4,ndcg@10:letor4,map:letor4,ndcg@10:allrank,ndcg@10:lightgbm')

/** One row a step, of one fold of a data set. */
export async function scaleTable(
  dataset: RankingDataset,
  ref: Ref,
  label: string,
  options: ScaleOptions,
): Promise<ReportTable> {
  const { tell } = options
  const loaded = await told(tell, `loading ${label}, ${options.fold}`, () =>
    dataset.load(options.fold, ref.params, { root: options.root, seed: 1 }),
  )
  const fold = loaded.result
  const rows = fold.train.labels.length + fold.validation.labels.length + fold.test.labels.length
  const epoch = await epochSeconds(fold, operators.get(usualLoss)!, tell)
  const scorer = linearModel(fold.train.width, randomStream(1, 'data-scale'))
  const scored = await told(tell, 'scoring the test part', () => outputsOf(scorer, fold.test.features, fold.test.width))
  const judged = await told(tell, 'evaluating the test part', () =>
    evaluateAll(metrics, { ...fold.test, scores: scored.result }),
  )
  const reading = await readingSteps(fold.train, options)
  const lines: Step[] = [
    { step: 'load or generate', seconds: loaded.seconds, rows, note: 'all parts' },
    ...reading,
    {
      step: 'train, an epoch',
      seconds: epoch,
      rows: fold.train.labels.length,
      note: 'linear scorer, ListNet, batches of 16 lists',
    },
    { step: 'score', seconds: scored.seconds, rows: fold.test.labels.length, note: 'linear scorer' },
    {
      step: 'evaluate',
      seconds: judged.seconds,
      rows: fold.test.labels.length,
      note: `${metrics.length} metrics, ${fold.test.queries.length.toLocaleString('en')} queries`,
    },
  ]
  const peak = process.resourceUsage().maxRSS / 2 ** 20
  return {
    id: 'scale',
    title: `${label}: ${rows.toLocaleString('en')} documents of ${fold.train.width} features`,
    about: [
      `rank-bench data scale; peak memory of this process ${peak.toFixed(2)} GiB; one thread`,
      describeEnvironment(readEnvironment(version)),
    ],
    columns: [left('step'), right('seconds'), right('rows'), right('rows/s'), right('MB/s'), left('what')],
    rows: lines.map(rowOf),
    notes: [],
  }
}
