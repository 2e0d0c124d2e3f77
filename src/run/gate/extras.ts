/** What a build is besides its cells: the laws that its operators keep, by its own `check`, and the size of its package. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { dataError, usageError } from '../../core/errors.ts'
import type { Observation } from '../../core/result.ts'
import { limitOf, type PolicyLine } from '../../judge/gate/policy.ts'
import type { ResultPair } from '../../judge/gate/results.ts'
import type { Version } from '../../systems/build/version.ts'
import type { Extras } from './options.ts'

/** As `--format json` prints them. */
interface StoredTable {
  readonly id: string
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, { readonly value: number | string | null }>>[]
}

/** One number of one part of a build, by name. */
type Found = Map<string, Observation>

/** Rows that a law is tried on: enough for what a change of an operator breaks, and some seconds. */
const rowsALaw = 200

function certificatesOf({ root }: Version, selectors: readonly string[]): readonly StoredTable[] {
  const words = [
    join(root, 'bin', 'rank-bench.js'),
    'check',
    ...selectors,
    '--rows',
    `${rowsALaw}`,
    '--format',
    'json',
    '--no-progress',
  ]
  const { stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  try {
    const { tables } = JSON.parse(stdout) as { readonly tables: readonly StoredTable[] }
    return tables
  } catch {
    throw dataError(`check of ${root} answered no tables: ${stderr.trim().split('\n').slice(-2).join(' | ')}`)
  }
}

const one = (metric: string, value: number, unit: Observation['unit'] = '1'): Observation => ({
  metric,
  unit,
  better: 'lower',
  value,
})

/** Laws that each operator breaks in each precision, and its largest gradient error in units of rounding. */
function readCertificates(tables: readonly StoredTable[]): Found {
  const found: Found = new Map()
  const add = (name: unknown, observation: Observation) =>
    void found.set(JSON.stringify([name, observation.metric]), observation)
  for (const { id, columns, rows } of tables) {
    for (const row of rows) {
      const name = row.operator?.value
      if (id.startsWith('laws/')) {
        const broken = columns.filter((law) => row[law].value === 'broken').length
        add(name, one(`broken.${id.slice('laws/'.length)}`, broken))
      } else if (id === 'certificates' && typeof row['gradient error'].value === 'number') {
        add(name, one('error.gradient', row['gradient error'].value))
      }
    }
  }
  return found
}

/** Bytes of the package as npm would publish it. */
function packageOf({ root }: Version): Found {
  const { stdout, status } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw dataError(`npm pack fails in ${root}`, `npm pack --dry-run, in ${root}`)
  const [{ size, unpackedSize }] = JSON.parse(stdout) as { size: number; unpackedSize: number }[]
  return new Map([
    [JSON.stringify(['package', 'size.packed']), one('size.packed', size, 'bytes')],
    [JSON.stringify(['package', 'size.unpacked']), one('size.unpacked', unpackedSize, 'bytes')],
  ])
}

function pairsOf(before: Found, after: Found, policy: readonly PolicyLine[]): ResultPair[] {
  return [...after].flatMap(([key, observation]) => {
    const [subject, metric] = JSON.parse(key) as [string, string]
    // An operator that was not there yet broke no law.
    const earlier = before.get(key) ?? (metric.startsWith('broken') ? { ...observation, value: 0 } : undefined)
    const limit = limitOf(policy, [subject], metric)
    return earlier && limit
      ? [{ key: `${subject}/${metric}`, subject, limit, before: [earlier], after: [observation] }]
      : []
  })
}

/** Pairs to be judged as results are. @throws RankBenchError(data) when a side cannot be asked */
export function extraPairs(
  before: Version,
  after: Version,
  { certificates, size }: Extras,
  policy: readonly PolicyLine[],
): ResultPair[] {
  if (certificates && !before.isBuild)
    throw usageError(
      `--certificates: ${before.name} is no build of rank-bench; its laws cannot be tried`,
      'leave --certificates out',
    )
  const laws = certificates && [before, after].map((version) => readCertificates(certificatesOf(version, certificates)))
  const sizes = size && [before, after].map(packageOf)
  return [laws, sizes].flatMap((both) => (both ? pairsOf(both[0], both[1], policy) : []))
}
