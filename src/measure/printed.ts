/** Numbers in what a command prints: lines, or JSON. */

import type { Observation } from '../core/result.ts'

const nanoseconds: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, μs: 1e3, ms: 1e6, s: 1e9, sec: 1e9 }
const bytes: Readonly<Record<string, number>> = {
  B: 1,
  bytes: 1,
  kB: 1e3,
  KB: 1e3,
  KiB: 2 ** 10,
  MB: 1e6,
  MiB: 2 ** 20,
  GB: 1e9,
  GiB: 2 ** 30,
}

/** `parse time: 12.3 ms`, `name = 0.45`, `name 12`, or a number alone. */
const linePattern =
  /^\s*(?:([A-Za-z_][^:=]*?)\s*[:=]\s*|([A-Za-z_]\S*?)\s+)?([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z\u00b5\u03bc]*|%)\s*$/

/** The same with what is no number, and as JSON of programs that write it so: `time NaN`, `{"time": Infinity}`. */
const notFinitePattern =
  /^\s*(?:[A-Za-z_][^:=]*?\s*[:=]\s*|[A-Za-z_]\S*?\s+)?[-+]?(?:nan|inf(?:inity)?)\s*$|[[:,]\s*(?:NaN|-?Infinity)\s*[\],}]/i

/** A benchmark that says NaN has not said nothing: its running time is not what it measures. */
const notFinite = (what: string): Error => new Error(`printed ${what}; expected finite numbers`)

interface Printed {
  readonly metric: string
  readonly unit: Observation['unit']
  readonly value: number
}

function readLine(line: string): Printed[] {
  if (notFinitePattern.test(line)) throw notFinite(JSON.stringify(line.trim().slice(0, 80)))
  const [, before, bare, digits, word] = linePattern.exec(line) ?? []
  const metric = before ?? bare ?? 'value'
  if (digits === undefined) return []
  const value = Number(digits)
  if (!Number.isFinite(value)) throw notFinite(digits)
  if (word in nanoseconds) return [{ metric, unit: 'ns', value: value * nanoseconds[word] }]
  if (word in bytes) return [{ metric, unit: 'bytes', value: value * bytes[word] }]
  if (word === '%') return [{ metric, unit: '1', value: value / 100 }]
  return word === '' ? [{ metric, unit: '1', value }] : []
}

/** Numbers of a JSON object, with the names of what holds them joined by dots. */
function readObject(value: unknown, name: string): Printed[] {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw notFinite(`${name || 'value'} ${value}`)
    return [{ metric: name || 'value', unit: '1', value }]
  }
  if (Array.isArray(value)) return value.flatMap((each) => readObject(each, name))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => readObject(each, name === '' ? key : `${name}.${key}`))
}

/** What a command printed: JSON as a whole, else the lines that are a number with or without a name. Equal names are samples. */
function readNumbers(text: string): Printed[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return text.split('\n').flatMap(readLine)
  }
  return readObject(value, '')
}

/**
 * @param higher says of a name whether more is better
 * @throws where a number is not finite
 */
export function observationsOf(text: string, ns: number, higher: (metric: string) => boolean): Observation[] {
  const byName = new Map<string, Printed[]>()
  for (const each of readNumbers(text)) byName.set(each.metric, [...(byName.get(each.metric) ?? []), each])
  if (byName.size === 0) return [{ metric: 'time', unit: 'ns', better: 'lower', value: ns }]
  return [...byName].map(([metric, all]) => {
    const values = all.map(({ value }) => value)
    const sorted = [...values].sort((a, b) => a - b)
    return {
      metric,
      unit: all[0].unit,
      better: higher(metric) ? 'higher' : 'lower',
      value: sorted[sorted.length >> 1],
      ...(values.length > 1 && { samples: values }),
    }
  })
}
