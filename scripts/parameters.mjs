/**
 * Writes docs/parameters.md and src/api/safe-ranges.ts from a stability run:
 *
 *   npm run build && node scripts/parameters.mjs results/stability
 */

import { mkdirSync, writeFileSync } from 'node:fs'
import { promisesOf } from '../dist/core/method.js'
import { describeRange, resolveParams } from '../dist/core/params.js'
import { asParameter, isSoft, safeRange, stabilityMaps } from '../dist/experiments/stability/map.js'
import { methods } from '../dist/methods/registry.js'
import { loadRun } from '../dist/run/load.js'

const folder = process.argv[2]
if (!folder) throw new Error('name the folder of a stability run, e.g. results/stability')
const maps = stabilityMaps(await loadRun(folder))
const nameOf = (label) => label.split('[')[0]
const mapOf = (name, storage, n) =>
  maps.find((map) => nameOf(map.label) === name && map.storage === storage && map.n === n)
const lengths = [...new Set(maps.map(({ n }) => n))].sort((a, b) => a - b)
const longest = lengths[lengths.length - 1]

const short = (value) => Number(value.toPrecision(2)).toString()

/** Softness as the parameter, in rising order. */
function rangeText(range, softness) {
  if (!range) return 'none on the map'
  const ends = [
    { value: range.low, open: range.below === undefined },
    { value: range.high, open: range.above === undefined },
  ].map(({ value, open }) => ({ value: asParameter(value, softness), open }))
  const [low, high] = softness.inverse ? ends.toReversed() : ends
  return `${low.open ? 'any smaller' : short(low.value)} to ${high.open ? 'any larger' : short(high.value)}`
}

const consequences = {
  saturated: 'most items get no gradient',
  vanished: 'the gradient vanishes',
  exploding: 'the gradient explodes',
  'not finite': 'NaN or infinity',
  'too soft': 'the answer is nearer to a constant than to the order',
  healthy: 'the answer is nearer to a constant than to the order',
}

const unitText = ({ units, scales }) => {
  if (scales === false) return 'no simple unit: another unit of the values is another operator'
  if (units === 0) return 'no unit: the values are standardised first'
  const power = {
    1: 'the unit of the values',
    2: 'the square of the unit of the values',
    '-1': 'one over the unit of the values',
  }
  return power[units] ?? `the unit of the values to the power ${units}`
}

/** What a reader needs to set softness. */
function softnessText(name, spec) {
  const params = resolveParams(spec.params, {}, name)
  const { softness } = promisesOf(spec, params)
  if (name.startsWith('quantile:') && softness) {
    return ['Softness acts as in `sort`; only items near the quantile get a gradient, the fewer the harder it is.']
  }
  if (!softness || name.endsWith(':hard')) return []
  const ranges = lengths.map((n) => ({ n, map: mapOf(name, 'f32', n) })).filter(({ map }) => map)
  if (ranges.length === 0) return []
  const main = safeRange(ranges[ranges.length - 1].map)
  const [harder, softer] = softness.inverse ? ['Above', 'Below'] : ['Below', 'Above']
  const lines = [
    `Softness is \`${softness.param}\`${softness.inverse ? ' (larger is harder)' : ''}; it carries ${unitText(softness)}.`,
    `Safe at standard deviation 1: ${ranges.map(({ n, map }) => `${rangeText(safeRange(map), softness)} for rows of ${n}`).join('; ')}. Default: ${params[softness.param]}.`,
  ]
  if (main?.below) lines.push(`${harder} that ${consequences[main.below]}.`)
  if (main?.above) lines.push(`${softer} that ${consequences[main.above]}.`)
  const halves = ['f16', 'bf16'].flatMap((storage) => {
    const map = mapOf(name, storage, longest)
    const bad = map?.points.find(({ state }) => state === 'exploding' || state === 'not finite')
    return bad
      ? [
          `${storage} (e.g. ${softness.param} ${short(asParameter(bad.softness, softness))} on values of ${short(bad.scale)})`,
        ]
      : []
  })
  if (halves.length > 0) {
    lines.push(
      `Values stored in half precision tie, and a nearly hard operator then has exploding gradients: ${halves.join(', ')}.`,
    )
  }
  return lines
}

/** Losses without softness: how large scores may be. */
function scaleText(name) {
  const map = mapOf(name, 'f32', longest)
  if (!map || isSoft(map)) return []
  const range = safeRange(map)
  if (!range) return ['No scale of scores on the map is safe.']
  const ends = [range.below ? short(range.low) : 'any', range.above ? short(range.high) : 'any']
  const lines = [`Scores may have a standard deviation from ${ends[0]} to ${ends[1]} (rows of ${longest}, f32).`]
  if (range.above) lines.push(`Above that ${consequences[range.above]}.`)
  if (range.below) lines.push(`Below that ${consequences[range.below]}.`)
  return lines
}

const cell = (text) => String(text).replaceAll('|', '\\|')
const paramTable = (space, defaultOf) => [
  '| parameter | meaning | allowed | default |',
  '|---|---|---|---|',
  ...Object.entries(space).map(
    ([name, spec]) =>
      `| \`${name}\` | ${cell(spec.meaning)} | ${cell(describeRange(spec))} | ${cell(defaultOf(name))} |`,
  ),
]

const cite = ({ authors, title, venue, year, url }) =>
  `${authors}, ${url ? `[${title}](${url})` : title}, ${venue} ${year}`

function methodText(method) {
  const operators = Object.entries(method.operators)
  const spaces = new Map()
  for (const [operator, spec] of operators) {
    const key = JSON.stringify(
      Object.entries(spec.params).filter(([name]) => name !== 'direction' && name !== 'k' && name !== 'q'),
    )
    spaces.set(key, [...(spaces.get(key) ?? []), operator])
  }
  const lines = [`## ${method.name}`, '', `${method.title}. ${method.citations.map(cite).join('; ')}`.trim(), '']
  for (const group of spaces.values()) {
    const params = Object.assign({}, ...group.map((operator) => method.operators[operator].params))
    const defaultOf = (name) => {
      const own = group.filter((operator) => name in method.operators[operator].params)
      const presets = new Map()
      for (const operator of own) {
        const preset = method.operators[operator].params[name].default
        presets.set(preset, [...(presets.get(preset) ?? []), operator])
      }
      return presets.size === 1
        ? String([...presets.keys()][0])
        : [...presets].map(([preset, operators]) => `${preset} (${operators.join(', ')})`).join(', ')
    }
    lines.push(
      `${group.map((operator) => `\`${operator}:${method.name}\``).join(', ')}`,
      '',
      ...paramTable(params, defaultOf),
      '',
    )
    for (const operator of group) {
      const name = `${operator}:${method.name}`
      const said = [...softnessText(name, method.operators[operator]), ...scaleText(name)]
      if (said.length > 0) lines.push(`**${operator}.** ${said.join(' ')}`, '')
    }
  }
  return lines
}

const intro = `# Parameters

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

/** Ranges of an operator at every length that was mapped; undefined when one of them has none. */
function rangesOf(name) {
  const found = lengths.map((n) => {
    const map = mapOf(name, 'f32', n)
    const range = map && isSoft(map) ? safeRange(map) : undefined
    if (!range) return undefined
    return { n, low: range.below === undefined ? 0 : range.low, high: range.above === undefined ? null : range.high }
  })
  return found.every((range) => range) ? found : undefined
}

const names = [...new Set(maps.map(({ label }) => nameOf(label)))].filter((name) => !/^(loss|quantile):/.test(name))
const number = (value) => (value === null ? 'Number.POSITIVE_INFINITY' : short(value))
const rangeLine = ({ n, low, high }) => `    { n: ${n}, low: ${number(low)}, high: ${number(high)} },`
const entries = names.flatMap((name) => {
  const ranges = rangesOf(name)
  return ranges ? [`  '${name}': [\n${ranges.map(rangeLine).join('\n')}\n  ],`] : []
})

writeFileSync(
  'src/api/safe-ranges.ts',
  `/**
 * Written by scripts/parameters.mjs from a stability run: do not edit. Softness that is safe at standard deviation 1, by
 * the length n of a row, in f32, other parameters at their defaults (k = n / 4 for topk). 0 and infinity: as far as the
 * map goes.
 */

export interface SafeRange {
  readonly n: number
  readonly low: number
  readonly high: number
}

export const safeRanges: Readonly<Record<string, readonly SafeRange[]>> = {
${entries.join('\n')}
}
`,
)
mkdirSync('docs', { recursive: true })
writeFileSync('docs/parameters.md', `${intro}\n${methods.flatMap(methodText).join('\n').trimEnd()}\n`)
