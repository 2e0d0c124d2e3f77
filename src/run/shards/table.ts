/** How a plan is dealt out: a row a shard. */

import type { Protocol } from '../../core/protocol.ts'
import type { RunCell } from '../../core/result.ts'
import { left, type ReportTable, right, text } from '../../report/table.ts'
import { type Estimate, spokenSeconds } from '../estimate.ts'

interface ShardRow {
  readonly cells: readonly RunCell[]
  readonly estimate: Estimate
}

const visitsIn = (cells: readonly RunCell[], { rounds }: Protocol): number =>
  cells.reduce((sum, { skip, timed }) => sum + (skip ? 0 : timed ? rounds : 1), 0)

const timeText = ({ lowSeconds, highSeconds }: Estimate): string =>
  highSeconds === 0 ? 'nothing to do' : `${spokenSeconds(lowSeconds)} to ${spokenSeconds(highSeconds)}`

/**
 * @param own number of the shard that is marked; 0 for none
 * @param dealt by what they are balanced
 */
export function shardsTable(rows: readonly ShardRow[], protocol: Protocol, own: number, dealt: string): ReportTable {
  return {
    id: 'shards',
    title: `The plan in ${rows.length} shards`,
    about: [`cells that are measured side by side stay together; balanced by ${dealt}`],
    columns: [left('shard'), right('cells'), right('timed'), right('skipped'), right('visits'), left('time')],
    rows: rows.map(({ cells, estimate }, i) => [
      text(`${i + 1}/${rows.length}${i + 1 === own ? ' *' : ''}`),
      text(String(cells.length)),
      text(String(cells.filter(({ timed }) => timed).length)),
      text(String(cells.filter(({ skip }) => skip).length)),
      text(String(visitsIn(cells, protocol))),
      text(timeText(estimate)),
    ]),
    notes: own > 0 ? ['* this one'] : [],
  }
}
