/** Reports of runs that several machines took part in: what is timed is told a machine at a time. */

import { groupOf } from '../core/cell.ts'
import type { Experiment } from '../core/experiment.ts'
import type { Entry, Figure, ReportTable, RunData, Section } from '../core/report.ts'

type Machines = NonNullable<RunData['machines']>

/** Machines that timed something of an experiment, in the order of their names. */
const machinesOf = (run: RunData, experiment: string): Machines => {
  const own = new Set(
    run.entries.filter(({ cell }) => cell.experiment.name === experiment).map(({ machine }) => machine),
  )
  return (run.machines ?? []).filter(({ id }) => own.has(id))
}

/** What nobody visited stands beside cells of its group, else on the first page. */
function placeOfUnvisited(entries: readonly Entry[], first: string): (entry: Entry) => ReadonlySet<string> {
  const byGroup = new Map<string, Set<string>>()
  for (const { cell, machine } of entries) {
    if (machine === undefined) continue
    const group = groupOf(cell)
    byGroup.set(group, (byGroup.get(group) ?? new Set()).add(machine))
  }
  return ({ cell }) => byGroup.get(groupOf(cell)) ?? new Set([first])
}

/** The run as one machine saw it. */
function seenBy(run: RunData, { id, text }: Machines[number], first: string): RunData {
  const place = placeOfUnvisited(run.entries, first)
  const entries = run.entries.filter((entry) =>
    entry.machine === undefined ? place(entry).has(id) : entry.machine === id,
  )
  return { ...run, machine: `machine ${id}: ${text}`, entries }
}

const tableOn = (table: ReportTable, { id, text }: Machines[number], several: boolean): ReportTable => ({
  ...table,
  ...(several && { id: `${table.id}@${id}`, title: `${table.title} (machine ${id})` }),
  about: table.about.some((line) => line.includes(`machine ${id}`))
    ? table.about
    : [...table.about, `machine ${id}: ${text}`],
})

const figureOn = (figure: Figure, { id }: Machines[number], several: boolean): Figure =>
  several ? { ...figure, name: `${figure.name}-${id}`, title: `${figure.title} (machine ${id})` } : figure

function sectionOn(section: Section, machine: Machines[number], several: boolean): Section {
  if ('table' in section) return { ...section, table: tableOn(section.table, machine, several) }
  const { at, figures } = section
  return { at, figures: async () => (await figures()).map((figure) => figureOn(figure, machine, several)) }
}

/** Sections of one experiment: of a timed one, once a machine, and each says which. */
export function sectionsByMachine(
  run: RunData,
  { name, timed }: Pick<Experiment, 'name' | 'timed'>,
  sectionsOf: (run: RunData) => readonly Section[],
): readonly Section[] {
  const machines = timed ? machinesOf(run, name) : []
  if (machines.length === 0) return sectionsOf(run)
  return machines.flatMap((machine) =>
    sectionsOf(seenBy(run, machine, machines[0].id)).map((section) => sectionOn(section, machine, machines.length > 1)),
  )
}
