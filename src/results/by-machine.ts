/**
 * What came out of the cells of a run that several machines took part in. An untimed cell has one answer, wherever it was
 * computed. A timed one has an answer a machine: cells that are measured side by side are read from the machines that measured
 * all of them, so that no ratio is formed of two.
 */

import { groupsOf } from '../core/groups.ts'
import type { Entry } from '../core/report.ts'
import type { Result, RunCell, Visit } from '../core/result.ts'
import { isMeasured } from '../core/visits.ts'

type Fold = (planned: RunCell, visits: readonly Visit[]) => Result
type VisitsOf = ReadonlyMap<string, readonly Visit[]>

/** What one machine made of a group. */
interface Share {
  readonly machine: string
  readonly results: ReadonlyMap<string, Result>
  readonly visits: VisitsOf
  /** Measured visits. */
  readonly measured: number
}

/** All measured, or all there is to come, or begun. */
function wholeness({ results }: Share): number {
  const states = [...results.values()].map(({ status }) => status).filter((status) => status !== 'skipped')
  if (states.every((status) => status === 'measured')) return 2
  return states.includes('incomplete') ? 0 : 1
}

/** The machines whose numbers are shown: all that are furthest; of those that only began, the one that got furthest. */
function chosen(shares: readonly Share[]): readonly Share[] {
  const best = shares.reduce((most, share) => Math.max(most, wholeness(share)), 0)
  const furthest = shares.filter((share) => wholeness(share) === best)
  return best > 0 ? furthest : furthest.sort((a, b) => b.measured - a.measured).slice(0, 1)
}

function sharesOf(cells: readonly RunCell[], visits: VisitsOf, fold: Fold): Share[] {
  const own = (key: string) => visits.get(key) ?? []
  const machines = new Set(cells.flatMap(({ key }) => own(key).map(({ machine = '' }) => machine)))
  return [...machines].sort().map((machine) => {
    const mine = new Map(cells.map(({ key }) => [key, own(key).filter((visit) => visit.machine === machine)]))
    return {
      machine,
      visits: mine,
      results: new Map(cells.map((planned) => [planned.key, fold(planned, mine.get(planned.key)!)])),
      measured: [...mine.values()].flat().filter(({ outcome }) => isMeasured(outcome)).length,
    }
  })
}

/** Entries of timed cells, by their keys: one a machine that is shown; one without a machine where none visited the group. */
function timedEntries(cells: readonly RunCell[], visits: VisitsOf, fold: Fold): Map<string, Entry[]> {
  const entries = new Map<string, Entry[]>()
  for (const group of groupsOf(cells)) {
    const shares = sharesOf(group, visits, fold)
    for (const planned of group) {
      const { key, cell } = planned
      entries.set(
        key,
        shares.length === 0
          ? [{ key, cell, result: fold(planned, []), visits: [] }]
          : chosen(shares).map(({ machine, results, visits: mine }) => {
              return { key, cell, result: results.get(key)!, visits: mine.get(key)!, machine }
            }),
      )
    }
  }
  return entries
}

/** In the order of the plan. */
export function entriesByMachine(cells: readonly RunCell[], visits: VisitsOf, fold: Fold): Entry[] {
  const timed = timedEntries(
    cells.filter((planned) => planned.timed),
    visits,
    fold,
  )
  return cells.flatMap((planned) => {
    const { key, cell } = planned
    const own = visits.get(key) ?? []
    return timed.get(key) ?? [{ key, cell, result: fold(planned, own), visits: own }]
  })
}
