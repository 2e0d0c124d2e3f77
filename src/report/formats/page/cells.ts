/** What a row was made of: one block a measurement, closed until a link opens it. */

import { escaped } from '../../markup.ts'
import type { CellLine, Measurement, MetricLine } from '../../measurements.ts'

/** Where a row leads to. */
export interface Links {
  readonly id: string
  readonly by: string
}

/** The measurements of a page and how its rows find them. */
export function linksTo(measurements: readonly Measurement[]): (keys: readonly string[]) => readonly Links[] {
  const byKey = new Map(measurements.flatMap((each) => each.cells.map(({ key }) => [key, each] as const)))
  return (keys) => [...new Set(keys.flatMap((key) => byKey.get(key) ?? []))]
}

/** States with their counts: `24 measured, 1 failed`. */
function tally(cells: readonly CellLine[]): string {
  const words = cells.map(({ state }) => state.split(':')[0])
  const counts = [...new Set(words)].map((word) => `${words.filter((each) => each === word).length} ${word}`)
  return cells.length === 1 ? words[0] : counts.join(', ')
}

const metricTitles = ['metric', 'value', 'smallest sample', 'largest sample', 'samples', 'cells']

const metricRow = ({ metric, value, smallest, largest, samples, cells }: MetricLine): string =>
  `<tr><th scope="row">${escaped(metric)}</th>${[value, smallest, largest, samples, cells]
    .map((each) => `<td class="right">${escaped(String(each))}</td>`)
    .join('')}</tr>`

function metricTable(label: string, metrics: readonly MetricLine[]): string {
  if (metrics.length === 0) return ''
  const head = metricTitles.map((title, i) => `<th scope="col"${i > 0 ? ' class="right"' : ''}>${title}</th>`).join('')
  return `<div class="wide" tabindex="0" role="group" aria-label="${label}"><table><caption class="hidden">${label}</caption><thead><tr>${head}</tr></thead><tbody>${metrics.map(metricRow).join('')}</tbody></table></div>`
}

/** Keys of cells, those of one state together. */
function cellLines(cells: readonly CellLine[]): string {
  const states = [...new Set(cells.map(({ state }) => state))]
  return states
    .map((state) => {
      const own = cells.filter((each) => each.state === state)
      const keys = own.map(({ key, split, seed }) => `${split === '' ? '' : `${split} `}seed ${seed} ${key}`).join('; ')
      return `<p class="keys"><b>${escaped(state)}</b>: ${escaped(keys)}</p>`
    })
    .join('')
}

function block({ id, label, by, command, cells, metrics, more }: Measurement): string {
  const name = escaped(label)
  const again = command
    ? `<h3>Measure it again</h3><pre>${escaped(command)}</pre>`
    : '<p>No command line of this version names these cells: run the command of the whole run.</p>'
  const others = more > 0 ? `<p class="keys">and ${more} metrics more, with the samples</p>` : ''
  return `<details class="cells"><summary>${name} <span class="keys">${escaped(by)}; ${escaped(tally(cells))}</span></summary><div id="${id}">${again}<h3>Samples</h3>${metricTable(name, metrics)}${others}${cellLines(cells)}</div></details>`
}

/** The section of measurements; empty where there are none. */
export function renderCells(measurements: readonly Measurement[], samples: string): string[] {
  if (measurements.length === 0) return []
  return [
    '<section aria-labelledby="cells"><h2 id="cells">Cells, samples and commands</h2>',
    `<p class="about">one block a row of the plan: method, data, precision, experiment; every sample in the order taken is in ${escaped(samples)}, under the keys shown</p>`,
    ...measurements.map(block),
    '</section>',
  ]
}
