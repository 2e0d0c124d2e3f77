/** What is left to measure of a plan, after what finished. */

import { groupsOf } from '../core/groups.ts'
import type { RunCell, Visit } from '../core/result.ts'
import { isMeasured } from '../core/visits.ts'
import { type PlannedVisit, schedule } from '../measure/schedule.ts'
import type { RunFile } from '../store/run.ts'

const visitOf = ({ key, round }: Pick<Visit, 'key' | 'round'>): string => `${key}/${round}`

type Done = ReadonlyMap<string, ReadonlySet<string>>

/** Measured visits by the machine that made them; those of a run that one machine measured are nobody's. */
function doneBy(visits: readonly Visit[]): Done {
  const done = new Map<string, Set<string>>()
  for (const visit of visits) {
    if (!isMeasured(visit.outcome)) continue
    const { machine = '' } = visit
    const own = done.get(machine) ?? new Set()
    done.set(machine, own)
    own.add(visitOf(visit))
  }
  return done
}

/** Timed cells of groups that one machine measured whole: what another one has begun of them is not needed. */
function finishedCells(cells: readonly RunCell[], rounds: number, done: Done): Set<string> {
  const isWhole = (group: readonly RunCell[]): boolean =>
    [...done.values()].some((own) =>
      group.every(({ key }) =>
        Array.from({ length: rounds }, (_, round) => own.has(visitOf({ key, round }))).every(Boolean),
      ),
    )
  const timed = cells.filter((planned) => planned.timed)
  return new Set(groupsOf(timed).flatMap((group) => (isWhole(group) ? group.map(({ key }) => key) : [])))
}

/**
 * Visits still to make: nothing that finished is measured twice; failed and timed-out visits are tried again. An untimed cell is
 * finished wherever it was; a timed group on the machine that measured all of it, and is begun anew on this one otherwise.
 * @param here this machine, as its visits name it
 */
export function remaining(
  run: Pick<RunFile, 'cells' | 'protocol' | 'seed'>,
  visits: readonly Visit[],
  here: string | undefined,
): PlannedVisit[] {
  const runnable = run.cells.filter(({ skip }) => !skip)
  const done = doneBy(visits)
  const own = done.get(here ?? '') ?? new Set<string>()
  const anywhere = new Set([...done.values()].flatMap((each) => [...each]))
  const finished = finishedCells(runnable, run.protocol.rounds, done)
  return schedule(runnable, run.protocol.rounds, run.seed).filter(
    (visit) => !finished.has(visit.key) && !(visit.timed ? own : anywhere).has(visitOf(visit)),
  )
}
