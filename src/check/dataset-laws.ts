/** What a data set must keep to, so that a number measured on it means something tomorrow: the laws of its kind. */

import type { DataContext, DataFinding, Dataset, KindOfData } from '../core/dataset.ts'
import { RankBenchError } from '../core/errors.ts'
import type { Params } from '../core/params.ts'
import type { LawVerdict } from './law.ts'

function verdictOf(finding: DataFinding): LawVerdict {
  const { law } = finding
  if ('notPromised' in finding) return { status: 'not promised', law, reason: finding.notPromised }
  return finding.problems.length === 0
    ? { status: 'holds', law, rows: 1, kinks: 0, worst: 0 }
    : { status: 'broken', law, rows: 1, counterexample: finding.problems[0] }
}

/** Laws of a data set at given parameters. Data that is not on this machine is inconclusive, with how to get it. */
export async function certifyDataset(
  kind: KindOfData,
  dataset: Dataset,
  params: Params,
  context: DataContext,
): Promise<LawVerdict[]> {
  try {
    return (await kind.laws(dataset, params, context)).map(verdictOf)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // Data that is elsewhere, or that must first be named by a parameter, says nothing about its keeping of laws.
    const unread = error instanceof RankBenchError && (error.kind === 'absent' || error.kind === 'usage')
    return unread
      ? [{ status: 'inconclusive', law: 'loads', reason: message }]
      : [{ status: 'broken', law: 'loads', rows: 1, counterexample: message }]
  }
}
