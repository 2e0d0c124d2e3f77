// Whether the reports of kept runs still print the numbers that they printed at an earlier commit:
//
//   npm run build && node scripts/same-numbers.mjs <commit> [folder of results ...]
//
// Each folder is taken as it was at the commit, run file and samples, rendered by this build, and held against the tables.json that
// stood beside them then. Numbers are compared in full. What is not the same is listed: by table, row and column; exit 1 where a
// number that is still printed has changed.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from '../dist/report/formats/json.js'
import { loadRun } from '../dist/run/load.js'
import { reportTables } from '../dist/run/report.js'

const [commit, ...asked] = process.argv.slice(2)
if (!commit) {
  console.error('usage: node scripts/same-numbers.mjs <commit> [folder of results ...]')
  process.exit(2)
}

const git = (...args) => execFileSync('git', args, { maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore'] })
const listed = String(git('ls-tree', '-r', '--name-only', commit, 'results')).split('\n')
const folders = listed
  .filter((path) => path.endsWith('/tables.json') && listed.includes(path.replace('tables.json', 'run.json')))
  .map((path) => path.replace('/tables.json', ''))
  .filter((folder) => asked.length === 0 || asked.includes(folder))

/** A table as rows of { column: number | text | null }, whichever way it was written. */
const plainRows = ({ rows }) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, cell]) => [key, cell !== null && typeof cell === 'object' ? cell.value : cell]),
    ),
  )

const tablesOf = (json) =>
  new Map((Array.isArray(json) ? json : json.tables).map((table) => [table.id, plainRows(table)]))

async function rendered(folder, kept) {
  mkdirSync(kept, { recursive: true })
  for (const file of ['run.json', 'samples.arrow.gz'])
    writeFileSync(join(kept, file), git('show', `${commit}:${folder}/${file}`))
  const run = await loadRun(kept)
  // Published numbers have moved between papers: verdicts have folders and tests of their own.
  const asked = { ...run, papers: [] }
  return tablesOf(JSON.parse(json(await reportTables(asked, { papers: [], conventions: true }))))
}

/** Texts of a row, which say what its numbers are about. */
const labels = (row) => Object.values(row).filter((cell) => typeof cell === 'string' && Number.isNaN(Number(cell)))

const near = (a, b) => a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b))

const numbers = (row) => Object.values(row).filter((cell) => typeof cell === 'number')

/** The row that shares most texts, at least the first; of several, the one that shares most numbers. */
function partner(row, rows) {
  const [first] = labels(row)
  const own = new Set(labels(row))
  const shared = (other) => labels(other).filter((text) => own.has(text)).length
  const equal = (other) => numbers(row).filter((each) => numbers(other).some((theirs) => near(each, theirs))).length
  return rows
    .filter((other) => labels(other)[0] === first)
    .map((other) => ({ other, texts: shared(other), equal: equal(other) }))
    .sort((x, y) => y.texts - x.texts || y.equal - x.equal)[0]?.other
}

function compareTable(id, before, after, said) {
  const counts = { same: 0, moved: 0, changed: 0, gone: 0 }
  for (const row of before) {
    const other = after && partner(row, after)
    for (const [column, value] of Object.entries(row)) {
      if (typeof value !== 'number') continue
      const where = `${id}, ${labels(row).slice(0, 3).join(' ')}, ${column}`
      if (!other) counts.gone++
      else if (typeof other[column] === 'number' && near(value, other[column])) counts.same++
      else if (Object.values(other).some((each) => typeof each === 'number' && near(value, each))) counts.moved++
      else if (typeof other[column] === 'number') {
        counts.changed++
        said.push(`changed: ${where}: ${value} -> ${other[column]}`)
      } else counts.gone++
    }
  }
  return counts
}

/** The table of that name, or the one of its experiment and data that has most of its numbers: names have come to say more. */
function counterpart(id, rows, tables) {
  if (tables.has(id)) return tables.get(id)
  const [family, data] = [id.split('/')[0], id.split(' on ')[1]]
  return [...tables]
    .filter(([other]) => other.split('/')[0] === family && other.split(' on ')[1] === data)
    .map(([, candidate]) => ({ candidate, same: compareTable(id, rows, candidate, []).same }))
    .sort((a, b) => b.same - a.same)[0]?.candidate
}

let changed = 0
for (const folder of folders) {
  const before = tablesOf(JSON.parse(String(git('show', `${commit}:${folder}/tables.json`))))
  const kept = mkdtempSync(join(tmpdir(), 'same-numbers-'))
  const after = await rendered(folder, kept)
  rmSync(kept, { recursive: true })
  console.log(`\n${folder}`)
  for (const [id, rows] of before) {
    if (id === 'run') continue
    const said = []
    const { same, moved, changed: wrong, gone } = compareTable(id, rows, counterpart(id, rows, after), said)
    const how = after.has(id) ? '' : ' (no table of that name is left)'
    console.log(
      `  ${id}: ${same} same, ${moved} under another title, ${wrong} changed, ${gone} no longer printed${how}`,
    )
    for (const line of said.slice(0, 12)) console.log(`    ${line}`)
    if (said.length > 12) console.log(`    and ${said.length - 12} more`)
    changed += wrong
  }
}
console.log(`\n${changed} numbers have changed`)
process.exit(changed > 0 ? 1 : 0)
