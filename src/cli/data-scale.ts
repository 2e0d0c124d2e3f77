/** Does it hold at this size? Reading, training and evaluating one fold, with what each takes. */

import { once } from 'node:events'
import { createWriteStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { Fold, RankingData, RankingDataset } from '../core/dataset.ts'
import { executed } from '../core/method.ts'
import { randomStream } from '../core/random.ts'
import type { Ref } from '../core/selector.ts'
import { decodeRankingData, encodeRankingData } from '../datasets/letor/arrow.ts'
import { readSvmlight } from '../datasets/letor/svmlight.ts'

import { createMinibatches, lossOf } from '../experiments/letor/minibatches.ts'

import { withTemporaryFolder } from '../files/temporary.ts'
import { describeEnvironment, readEnvironment } from '../measure/environment.ts'
import { version } from '../measure/version.ts'
import { evaluateAll } from '../metrics/evaluate.ts'
import { parseMetrics } from '../metrics/metric.ts'
import { operators } from '../registry.ts'
import { significant } from '../report/numbers.ts'
import { left, type ReportTable, right, text, type Value } from '../report/table.ts'
import { median } from '../stats/quantile.ts'
import { peerLoaders } from '../systems/python/loader-peers.ts'
import { createAdam } from '../train/adam.ts'
import { linearModel } from '../train/linear.ts'
import { startTraining } from '../train/loop.ts'
import { outputsOf } from '../train/model.ts'
import { tell } from './output.ts'

export interface ScaleOptions {
  readonly root: string | undefined
  readonly fold: string
  /** Most bytes of text that is written, to be read again. */
  readonly textBytes: number
  /** A Python whose loaders are timed on the same file. */
  readonly peers: string | undefined
}

const rounds = 3
const metrics = parseMetrics('ndcg@5:letor4,ndcg@10:letor4,map:letor4,ndcg@10:allrank,ndcg@10:lightgbm')

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<{ seconds: number; result: T }> {
  tell(what)
  const start = performance.now()
  const result = await work()
  return { seconds: (performance.now() - start) / 1000, result }
}

/** One document as a LETOR line, five decimals as the published files. */
function line({ labels, features, width }: RankingData, query: string, i: number, named: boolean): string {
  let written = `${labels[i]}${named ? ` qid:${query}` : ''}`
  for (let j = 0; j < width; j++) written += ` ${j + 1}:${features[i * width + j].toFixed(5)}`
  return `${written}\n`
}

/** Whole lists, until the text has `bytes`. @returns documents written */
async function writeText(data: RankingData, path: string, bytes: number, named: boolean): Promise<number> {
  const file = createWriteStream(path)
  let [written, documents] = [0, 0]
  for (let q = 0; q < data.queries.length && written < bytes; q++) {
    let block = ''
    for (let i = data.offsets[q]; i < data.offsets[q + 1]; i++) block += line(data, data.queries[q], i, named)
    written += block.length
    documents = data.offsets[q + 1]
    if (!file.write(block)) await once(file, 'drain')
  }
  file.end()
  await finished(file)
  return documents
}

/** Seconds of one epoch: the second one, so that the first touch of the data is not in it. */
async function epochSeconds({ train }: Fold): Promise<number> {
  const operator = executed(operators.get('loss:listnet')!, { engine: 'fast' })
  const minibatches = createMinibatches(train, 16, operator, { reduction: 'mean' }, 'f64', randomStream(1, 'lists'))
  const model = linearModel(train.width, randomStream(1, 'data-scale'))
  const training = startTraining({
    model,
    batches: minibatches.stream(randomStream(1, 'orders')),
    loss: lossOf,
    judge: () => 0,
    optimiser: createAdam(model.parameters.length, 0.001, 0),
    check: minibatches.count,
    patience: 3 * minibatches.count,
  })
  training.advance(minibatches.count)
  const second = await timed('training the second epoch of a linear ListNet', () =>
    training.advance(2 * minibatches.count),
  )
  minibatches.dispose()
  return second.seconds
}

interface Line {
  readonly step: string
  /** Undefined where it is too short to be measured. */
  readonly seconds: number | undefined
  readonly rows: number
  readonly bytes?: number
  readonly note: string
}

const unknown: Value = { text: '–', data: null }

function rowOf({ step, seconds, rows, bytes, note }: Line): Value[] {
  const per = (amount: number | undefined) => (amount === undefined || !seconds ? undefined : amount / seconds)
  const [rowRate, rate] = [per(rows), per(bytes === undefined ? undefined : bytes / 1e6)]
  return [
    text(step),
    seconds === undefined ? { text: 'too short', data: null } : { text: significant(seconds), data: seconds },
    { text: Math.round(rows).toLocaleString('en'), data: rows },
    rowRate === undefined ? unknown : { text: Math.round(rowRate).toLocaleString('en'), data: rowRate },
    rate === undefined ? unknown : { text: significant(rate), data: rate },
    text(note),
  ]
}

/** Reading the same text, ours and theirs. */
async function readingLines(data: RankingData, options: ScaleOptions): Promise<Line[]> {
  return withTemporaryFolder(async (folder) => {
    const [file, plain] = ['named.txt', 'plain.txt'].map((name) => join(folder, name))
    const rows = await writeText(data, file, options.textBytes, true)
    const bytes = statSync(file).size
    const parses = []
    for (let round = 0; round < rounds; round++) parses.push(await timed('reading text', () => readSvmlight(file)))
    const parsed = parses[0].result
    const labels = await timed('reading labels only', () => readSvmlight(file, { labelsOnly: true }))
    const encoded = encodeRankingData(parsed, {})
    const decoded = await timed('reading the columnar cache', () => decodeRankingData(encoded))
    const note = `median of ${rounds}`
    const ours: Line[] = [
      { step: 'read text', seconds: median(parses.map((each) => each.seconds)), rows, bytes, note },
      { step: 'read text, labels only', seconds: labels.seconds, rows, bytes, note: 'as evaluate does' },
      { step: 'open columnar cache', seconds: decoded.seconds, rows, bytes: encoded.length, note: 'views, no copy' },
    ]
    if (options.peers === undefined) return ours
    await writeText(data, plain, options.textBytes, false)
    tell('reading text in Python')
    const theirs = (await peerLoaders(options.peers, file, plain, rounds)).flatMap((found): Line[] =>
      'missing' in found
        ? []
        : [
            {
              step: `read text, ${found.library} ${found.version}`,
              seconds: median(found.seconds),
              rows,
              bytes,
              note: found.call,
            },
          ],
    )
    return [...ours, ...theirs]
  })
}

export async function scaleTable(
  dataset: RankingDataset,
  ref: Ref,
  label: string,
  options: ScaleOptions,
): Promise<ReportTable> {
  const loaded = await timed(`loading ${label}, ${options.fold}`, () =>
    dataset.load(options.fold, ref.params, { root: options.root, seed: 1 }),
  )
  const fold = loaded.result
  const rows = fold.train.labels.length + fold.validation.labels.length + fold.test.labels.length
  const epoch = await epochSeconds(fold)
  const scorer = linearModel(fold.train.width, randomStream(1, 'data-scale'))
  const scored = await timed('scoring the test part', () => outputsOf(scorer, fold.test.features, fold.test.width))
  const judged = await timed('evaluating the test part', () =>
    evaluateAll(metrics, { ...fold.test, scores: scored.result }),
  )
  const reading = await readingLines(fold.train, options)
  const lines: Line[] = [
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
