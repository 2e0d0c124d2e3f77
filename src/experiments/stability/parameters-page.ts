/** The text of docs/parameters.md: every parameter of every method, and which values are safe. */

import type { Citation, Method, OperatorSpec } from '../../core/method.ts'
import { describeRange, type ParamSpace } from '../../core/params.ts'
import type { Mapped } from './mapped.ts'
import { scaleText, softnessText } from './softness-text.ts'

/** An operator of a method under its own name, `rank`. */
type Named = readonly [operator: string, spec: OperatorSpec]

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Entries under a key, in the order in which keys come first. */
function grouped<T>(entries: readonly T[], keyOf: (entry: T) => string): T[][] {
  const groups = new Map<string, T[]>()
  for (const entry of entries) groups.set(keyOf(entry), [...(groups.get(keyOf(entry)) ?? []), entry])
  return [...groups.values()]
}

/** One default, or each with the operators that have it. */
function defaultText(operators: readonly Named[], name: string): string {
  const having = operators.filter(([, { params }]) => name in params)
  const presets = grouped(having, ([, { params }]) => String(params[name].default))
  const preset = ([[, { params }]]: readonly Named[]) => String(params[name].default)
  if (presets.length === 1) return preset(presets[0])
  return presets.map((group) => `${preset(group)} (${group.map(([operator]) => operator).join(', ')})`).join(', ')
}

function paramTable(operators: readonly Named[]): string[] {
  const space: ParamSpace = Object.assign({}, ...operators.map(([, { params }]) => params))
  return [
    '| parameter | meaning | allowed | default |',
    '|---|---|---|---|',
    ...Object.entries(space).map(([name, spec]) => {
      const texts = [spec.meaning, describeRange(spec), defaultText(operators, name)]
      return `| \`${name}\` | ${texts.map(cell).join(' | ')} |`
    }),
  ]
}

const citationText = ({ authors, title, venue, year, url }: Citation): string =>
  `${authors}, ${url ? `[${title}](${url})` : title}, ${venue} ${year}`

/** Operators of a method differ in these by what they put out, not by what the method is. */
const ownToOperators = ['direction', 'k', 'q']

/** Operators with the same parameters stand together. */
const sharing = ([, { params }]: Named): string =>
  JSON.stringify(Object.entries(params).filter(([name]) => !ownToOperators.includes(name)))

function methodText(mapped: Mapped, method: Method): string[] {
  const head = `${method.title}. ${method.citations.map(citationText).join('; ')}`.trim()
  const groups = grouped(Object.entries(method.operators), sharing)
  const parts = groups.flatMap((operators) => [
    operators.map(([operator]) => `\`${operator}:${method.name}\``).join(', '),
    '',
    ...paramTable(operators),
    '',
    ...operators.flatMap(([operator, spec]) => {
      const name = `${operator}:${method.name}`
      const said = [...softnessText(mapped, name, spec), ...scaleText(mapped, name)]
      return said.length > 0 ? [`**${operator}.** ${said.join(' ')}`, ''] : []
    }),
  ])
  return [`## ${method.name}`, '', head, '', ...parts]
}

const introduction = ({ lengths }: Mapped): string => `# Parameters

What every parameter does, which values are safe, and what goes wrong beyond them. Written by \`scripts/parameters.mjs\`
from the stability map in \`results/stability\`: rows of ${lengths.join(' and ')} standard normal values, two a batch, arithmetic
in f32, softness from 1e-8 to 1e6 in half decades.

How to read it:

- **Safe** means: gradients neither vanish nor explode, more than half of the items receive one, and the answer is nearer to
  the hard one than to a constant. Ranges are as fine as the map: a factor of 3.
- Ranges hold for values with standard deviation 1 within their rows. For other values multiply by the standard deviation, to
  the power of the unit named: scores with a standard deviation of 20 want a \`strength\` 20 times as large.
  \`suggestStrength(selector, values)\` does it for you, and \`onWarning\` tells when values have drifted out of range.
- Hardness is decided by gaps, softness by the spread. The lower end falls with the length of the row, because the gaps do;
  it is about the mean gap between neighbours.
- \`topk\` was mapped with k a quarter of the row.
`

export function parametersPage(mapped: Mapped, methods: readonly Method[]): string {
  const text = methods.flatMap((method) => methodText(mapped, method)).join('\n')
  return `${introduction(mapped)}\n${text.trimEnd()}\n`
}
