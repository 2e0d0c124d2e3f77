/** Our values beside a tool's, cell by cell. */

import { RankBenchError } from '../../core/errors.ts'
import { evaluateQueries, type JudgedLists } from '../../metrics/evaluate.ts'
import { requireToolLabels } from '../../metrics/judged-lists.ts'
import type { AgreementCell } from './cells.ts'
import type { AgreementList } from './lists.ts'

export interface Compared {
  readonly cell: AgreementCell
  /** Lists with a value on both sides. */
  readonly lists: number
  /** Largest difference, relative above 1. */
  readonly largest: number
  readonly allowed: number
  /** Kind of the list that has the largest difference. */
  readonly worst: string
  /** Lists that are refused here, and by the tool. */
  readonly refused: number
  /** Lists that only the tool refuses, and that are refused here only: both safe, and said. */
  readonly onlyHere: number
  readonly onlyThere: number
  /** Lists that are not compared, because the tool leaves open what it does, or errs. */
  readonly open: number
}

/** Single precision of the tool's own arithmetic; RankLib's reciprocal is single in an otherwise double tool. */
const singlePrecision = new Set(['allrank', 'rax', 'tfr', 'torchmetrics'])
const allowedFor = ({ preset, metric }: AgreementCell): number =>
  singlePrecision.has(preset) ? 3e-6 : preset === 'ranklib' && metric.name === 'mrr' ? 6e-8 : 1e-12

const distinct = (values: readonly number[]): boolean => new Set(values).size === values.length
const distinctSingle = (values: readonly number[]): boolean => distinct(values.map(Math.fround))

interface Opening {
  readonly why: string
  applies(cell: AgreementCell, list: AgreementList): boolean
}

/** Lists on which a tool has no value of its own to be held to. */
export const openings: readonly Opening[] = [
  {
    why: 'allRank leaves documents with equal scores in no order, from 17 documents on',
    applies: ({ preset }, { scores }) => preset === 'allrank' && scores.length > 16 && !distinctSingle(scores),
  },
  {
    why: 'TF-Ranking puts documents with equal scores in a random order',
    applies: ({ preset }, { scores }) => preset === 'tfr' && !distinctSingle(scores),
  },
  {
    why: 'TorchMetrics leaves documents with equal scores in no order, but in ndcg',
    applies: ({ preset, metric }, { scores }) =>
      preset === 'torchmetrics' && metric.name !== 'ndcg' && !distinctSingle(scores),
  },
  {
    why: 'TorchMetrics overlooks relevant documents with scores of 0 or less, but in ndcg (a defect)',
    applies: ({ preset, metric }, { scores }) =>
      preset === 'torchmetrics' && metric.name !== 'ndcg' && scores.some((score) => score <= 0),
  },
  {
    why: "SciPy's tau-b is tau-a only without ties",
    applies: ({ metric }, { labels, scores }) => metric.name === 'kendall' && !(distinct(labels) && distinct(scores)),
  },
]

function ownValue({ metric }: AgreementCell, { labels, scores, documents }: AgreementList): number | undefined {
  const lists: JudgedLists = { offsets: Uint32Array.of(0, labels.length), labels, scores, documents }
  try {
    requireToolLabels([metric], lists)
    const value = evaluateQueries(metric, lists)[0]
    return Number.isNaN(value) ? undefined : value
  } catch (error) {
    if (error instanceof RankBenchError) return undefined
    throw error
  }
}

/** @param values the tool's, one a list; null where it has none */
export function compareCell(
  cell: AgreementCell,
  lists: readonly AgreementList[],
  values: readonly (number | null)[],
): Compared {
  const counts = { lists: 0, refused: 0, onlyHere: 0, onlyThere: 0, open: 0 }
  let [largest, worst] = [0, '']
  lists.forEach((list, q) => {
    if (openings.some(({ applies }) => applies(cell, list))) {
      counts.open++
      return
    }
    const [ours, theirs] = [ownValue(cell, list), values[q]]
    if (ours === undefined || theirs === null) {
      counts[ours !== undefined ? 'onlyThere' : theirs !== null ? 'onlyHere' : 'refused']++
      return
    }
    counts.lists++
    const difference = Math.abs(ours - theirs) / Math.max(1, Math.abs(theirs))
    if (difference > largest) [largest, worst] = [difference, list.kind]
  })
  return { cell, ...counts, largest, worst, allowed: allowedFor(cell) }
}

export const isOff = ({ largest, allowed, lists }: Compared): boolean => largest > allowed || lists === 0
