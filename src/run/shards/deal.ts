/**
 * Which part of a plan each shard is: groups of cells that are measured side by side, dealt out so that every shard takes about
 * as long. Follows from the cells and their costs alone, so that machines that never meet deal alike.
 */

import { groupsOf } from '../../core/groups.ts'
import type { RunCell } from '../../core/result.ts'

interface Group {
  readonly cells: readonly RunCell[]
  readonly cost: number
}

/** Cells whose data is nowhere to be read cost nothing wherever they are planned; that a peer is missing is for one machine only. */
const isAbsent = ({ cell }: RunCell): boolean => cell.dataDigest === 'absent' || cell.reads === 'absent'

function costed(cells: readonly RunCell[], costOf: (cell: RunCell) => number): Group[] {
  // Whole milliseconds: a last bit that differs from one machine to another must not change who measures what.
  const cost = (each: RunCell) => (isAbsent(each) ? 0 : Math.max(1, Math.round(costOf(each))))
  return groupsOf(cells).map((own) => ({ cells: own, cost: own.reduce((sum, each) => sum + cost(each), 0) }))
}

/** The most costly first; equal ones by their key, so that the order of a config decides nothing. */
const byCost = (a: Group, b: Group): number =>
  b.cost - a.cost || (a.cells[0].key < b.cells[0].key ? -1 : a.cells[0].key > b.cells[0].key ? 1 : 0)

interface Hand {
  readonly index: number
  readonly load: number
}

const isBefore = (a: Hand, b: Hand): boolean => a.load < b.load || (a.load === b.load && a.index < b.index)

/** Puts a hand back where it belongs among hands in order of their load. */
function insert(hands: Hand[], hand: Hand): void {
  let [low, high] = [0, hands.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(hands[middle], hand)) low = middle + 1
    else high = middle
  }
  hands.splice(low, 0, hand)
}

/**
 * Longest first, each to the shard with least to do (Graham 1969: at most 4/3 of the best there is).
 * @param costOf milliseconds
 * @returns cells of each shard in the order of the plan; some are empty where there are fewer groups than shards
 */
export function deal(cells: readonly RunCell[], count: number, costOf: (cell: RunCell) => number): RunCell[][] {
  const owner = new Map<string, number>()
  const hands: Hand[] = Array.from({ length: count }, (_, index) => ({ index, load: 0 }))
  for (const { cells: own, cost } of costed(cells, costOf).sort(byCost)) {
    const { index, load } = hands.shift()!
    for (const { key } of own) owner.set(key, index)
    insert(hands, { index, load: load + cost })
  }
  const shards: RunCell[][] = Array.from({ length: count }, () => [])
  for (const each of cells) shards[owner.get(each.key)!].push(each)
  return shards
}
