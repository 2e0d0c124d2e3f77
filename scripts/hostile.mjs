/**
 * Runs the table of hostile inputs (test/hostile/*.mjs) against the real program: each row must end with its exit code, in its
 * time, with one error line, no stack trace, no control characters, and nothing left in the temporary folder.
 *
 *   node scripts/hostile.mjs                all rows, each in a process of its own
 *   node scripts/hostile.mjs --in-process   those that need no shell, in this process: seconds instead of minutes
 *   node scripts/hostile.mjs --mixed        both: in this process where that is possible, the others in their own
 *   node scripts/hostile.mjs --list         their names
 *   node scripts/hostile.mjs PATTERN        those whose name matches
 *   node scripts/hostile.mjs -o FILE        figures as well: counts, and a line a row (expected, got, exit code, stack trace, hang)
 *   --patience N                            limits times N, for a machine that is busy
 *
 * A row: name; prepare(folder); args(folder) or shell, in which RB is the program; code, one or several; err, out: patterns;
 * limit: seconds; absent: paths that must not be there afterwards. A new file of rows is found by being there.
 */

import { spawn } from 'node:child_process'
import fs, { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const binary = join(root, 'bin/rank-bench.js')
const library = pathToFileURL(join(root, 'dist/index.js')).href
const tables = join(root, 'test/hostile')
const usualLimit = 30

const flags = process.argv.slice(2)
const output = flags.includes('-o') ? flags[flags.indexOf('-o') + 1] : undefined
const patience = flags.includes('--patience') ? Number(flags[flags.indexOf('--patience') + 1]) : 1
const pattern = flags.find((flag, i) => !flag.startsWith('-') && !['-o', '--patience'].includes(flags[i - 1]))
const mixed = flags.includes('--mixed')
const inProcess = mixed || flags.includes('--in-process')

const limitOf = (row) => patience * (row.limit ?? usualLimit)

async function allRows() {
  const modules = await Promise.all(
    readdirSync(tables)
      .filter((name) => name.endsWith('.mjs'))
      .sort()
      .map((name) => import(join(tables, name))),
  )
  return modules.flatMap((module) => module.rows ?? [])
}

function environment(folder) {
  const { RANK_BENCH_DATA: _data, RANK_BENCH_PYTHON: _python, ...rest } = process.env
  return { ...rest, CI: 'true', NO_COLOR: '1', XDG_CACHE_HOME: join(folder, '.cache'), TMPDIR: join(folder, '.tmp') }
}

/** RB, RBNODE (by an absolute path), RBLIBRARY (evaluates a module that gets the library's address) and RBPID (which leaves its id in the file pid) as the shell runs them. */
const shellOf = (text) =>
  text
    .replaceAll(
      /RBLIBRARY "(.*)"$/gs,
      (_, script) =>
        `"${process.execPath}" --input-type=module -e "${script}" "${library}" "${join(root, 'results/accuracy')}"`,
    )
    .replaceAll('RBPID', () => `sh -c 'echo $$ > pid; exec "${process.execPath}" "${binary}" "$@"' rank-bench`)
    .replaceAll(/\bRB(NODE)?\b/g, `"${process.execPath}" "${binary}"`)

function inOwnProcess(row, folder) {
  const [program, args] = row.shell
    ? ['bash', ['-c', shellOf(row.shell)]]
    : [process.execPath, [binary, ...row.args(folder)]]
  return new Promise((settle) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: environment(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => (said.out += chunk))
    child.stderr.on('data', (chunk) => (said.err += chunk))
    const stop = setTimeout(() => {
      said.hung = true
      process.kill(-child.pid, 'SIGKILL')
    }, 1000 * limitOf(row))
    child.on('close', (code) => {
      clearTimeout(stop)
      settle({ ...said, code })
    })
  })
}

/** The program writes through node:fs and commander through the streams: both are listened to. */
async function inThisProcess(row, folder, main) {
  const said = { out: '', err: '' }
  const kept = {
    writeSync: fs.writeSync,
    out: process.stdout.write,
    err: process.stderr.write,
    cwd: process.cwd(),
    env: process.env,
  }
  fs.writeSync = (file, data, ...rest) => {
    if (file !== 1 && file !== 2) return kept.writeSync(file, data, ...rest)
    said[file === 1 ? 'out' : 'err'] += Buffer.from(data).toString()
    return data.length
  }
  syncBuiltinESMExports()
  const listen = (stream) => (text) => {
    said[stream] += text
    return true
  }
  process.stdout.write = listen('out')
  process.stderr.write = listen('err')
  process.chdir(folder)
  process.env = environment(folder)
  try {
    const code = await main(row.args(folder))
    return { ...said, code }
  } finally {
    Object.assign(fs, { writeSync: kept.writeSync })
    syncBuiltinESMExports()
    process.stdout.write = kept.out
    process.stderr.write = kept.err
    process.chdir(kept.cwd)
    process.env = kept.env
  }
}

/** All of Unicode's controls but the line break. */
const controls = /(?!\n)\p{Cc}/u

const hasTrace = ({ out, err }) =>
  /bug in rank-bench|^bug |\n\s+at .*:\d+|\bnode:internal/.test(`${err}\n${out.slice(0, 2000)}`)

function* problemsOf(row, folder, { code, out, err, hung }) {
  if (hung) return yield `no end within ${limitOf(row)} s`
  if (![row.code].flat().includes(code)) yield `exit code ${code}; expected ${row.code}`
  if (row.err && !row.err.test(err)) yield `standard error does not say ${row.err}`
  if (row.out && !row.out.test(out)) yield `standard output does not say ${row.out}`
  if (hasTrace({ out, err })) yield 'a stack trace'
  if (controls.test(err)) yield 'control characters on standard error'
  const errors = err.split('\n').filter((line) => line.startsWith('error: '))
  if (code === 2 && !row.shell && errors.length !== 1) yield `${errors.length} error lines`
  if (readdirSync(join(folder, '.tmp')).length > 0) yield `left behind: ${readdirSync(join(folder, '.tmp'))}`
  for (const path of row.absent ?? []) if (existsSync(join(folder, path))) yield `${path} was written`
}

async function judge(row, run) {
  const folder = mkdtempSync(join(tmpdir(), 'rank-bench-hostile-'))
  const inside = join(folder, 'work')
  mkdirSync(join(inside, '.tmp'), { recursive: true })
  try {
    row.prepare?.(inside)
    const ended = await run(row, inside)
    return { row, ended, problems: [...problemsOf(row, inside, ended)] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const rows = (await allRows()).filter(({ name }) => !pattern || new RegExp(pattern).test(name))
const chosen = inProcess && !mixed ? rows.filter(({ shell }) => !shell) : rows
if (flags.includes('--list')) {
  for (const { name } of rows) console.log(name)
  process.exit(0)
}
const { main } = inProcess ? await import(join(root, 'dist/cli/main.js')) : {}
const run = (row, folder) => (inProcess && !row.shell ? inThisProcess(row, folder, main) : inOwnProcess(row, folder))
const failed = []
const lines = []

/** The first line that says something, without the folder of the row. */
const firstLine = ({ err, out }) =>
  (
    err.split('\n').find((line) => /^(error|refused|note|warning)/.test(line)) ??
    `${err}\n${out}`.trim().split('\n')[0] ??
    ''
  )
    .replaceAll(/\S*rank-bench-hostile-\w+(?:\/work)?/g, '<folder>')
    .slice(0, 160)

const lineOf = (row, ended, problems) => ({
  row: row.name,
  expected: [row.code]
    .flat()
    .map((code) => `exit ${code}`)
    .join(' or '),
  exit: ended.code ?? null,
  got: firstLine(ended),
  trace: hasTrace(ended),
  hang: ended.hung === true,
  silent: ended.code === 0 && ![row.code].flat().includes(0),
  asExpected: problems.length === 0,
})

/** Counts of what a bad input must never do, and every row on a line of its own. */
function writeFigures(path) {
  const count = (of) => lines.filter(of).length
  const head = {
    command: `node scripts/hostile.mjs -o bad-inputs.json${mixed ? ' --mixed' : inProcess ? ' --in-process' : ''}${patience === 1 ? '' : ` --patience ${patience}`}`,
    node: process.version,
    inProcessesOfTheirOwn: count(({ row }) => !inProcess || rows.find(({ name }) => name === row).shell !== undefined),
    rows: lines.length,
    asExpected: count((line) => line.asExpected),
    stackTraces: count((line) => line.trace),
    hangs: count((line) => line.hang),
    silentlyWrong: count((line) => line.silent),
  }
  const order = new Map(rows.map(({ name }, i) => [name, i]))
  lines.sort((a, b) => order.get(a.row) - order.get(b.row))
  const table = lines.map((line) => `  ${JSON.stringify(line)}`).join(',\n')
  fs.writeFileSync(path, `${JSON.stringify(head, null, 1).slice(0, -2)},\n "table": [\n${table}\n ]\n}\n`)
}

const queue = [...chosen]
async function work() {
  for (let row = queue.shift(); row; row = queue.shift()) {
    const { ended, problems } = await judge(row, run)
    lines.push(lineOf(row, ended, problems))
    if (problems.length === 0) continue
    failed.push(row.name)
    console.log(`${row.name}\n  ${problems.join('\n  ')}\n  ${ended.err.slice(0, 500).trim().replaceAll('\n', '\n  ')}`)
  }
}
await Promise.all(Array.from({ length: inProcess ? 1 : 2 }, work))
if (output) writeFigures(output)
console.log(`hostile: ${chosen.length - failed.length} of ${chosen.length} rows as expected`)
process.exitCode = failed.length > 0 ? 1 : 0
