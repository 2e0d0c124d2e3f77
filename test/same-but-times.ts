/** What two reports of one plan must have in common, wherever and whenever it was measured: everything but times. */

interface Told {
  readonly text: string
  readonly data?: number | string | null
  readonly unit?: string
}

interface Table {
  readonly id: string
  readonly title: string
  readonly about: readonly string[]
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, Told>>[]
  readonly notes: readonly string[]
}

/** Tables that tell of a run and not of what it measured. */
const ofTheRun = ['run', 'conclusion']

const isTime = ({ unit }: Told): boolean => unit === 'ns' || unit === 'x'

/** Who measured stands above tables of times, whose notes tell of what disturbed them. */
const ofTheMachine = (line: string): boolean => /\bcores\b.*\bNode\b/.test(line)

export function withoutTimes(json: string): unknown {
  const { tables } = JSON.parse(json) as { readonly tables: readonly Table[] }
  return tables
    .filter(({ id }) => !ofTheRun.includes(id))
    .map(({ rows, about, notes, ...table }) => {
      const timed = rows.some((row) => Object.values(row).some(isTime))
      return {
        ...table,
        about: about.filter((line) => !ofTheMachine(line)),
        notes: timed ? [] : notes,
        rows: rows.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, told]) => [name, isTime(told) ? 'a time' : told])),
        ),
      }
    })
}

/** Observations of untimed cells by their keys, without times; to the bit, as the journal spells them. */
export function untimedAnswers(runJson: string, journal: string): Map<string, string> {
  const { cells } = JSON.parse(runJson) as { cells: { key: string; timed: boolean }[] }
  const untimed = new Set(cells.flatMap(({ key, timed }) => (timed ? [] : [key])))
  const visits = journal
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const measured = visits.filter(({ key, outcome }) => untimed.has(key) && outcome.status === 'measured')
  return new Map(
    measured.map(({ key, outcome }) => [
      key,
      JSON.stringify(outcome.observations.filter(({ unit }: { unit: string }) => unit !== 'ns')),
    ]),
  )
}
