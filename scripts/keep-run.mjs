// What is committed of a run, and the pages made of it:
//
//   node scripts/keep-run.mjs keep <run folder> <name>   takes run.json and the samples into results/<name>, and renders it
//   node scripts/keep-run.mjs render [<name> ...]        renders folders of results/ again (all of them), from what is committed
//
// Pages are what `rank-bench report <name>` prints inside results/, so the tool that users have makes them; a page to read first that
// stands beside a folder, <name>.md or <name>.html, is what it prints with --summary.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('..', import.meta.url))
const results = join(root, 'results')
const [mode, ...rest] = process.argv.slice(2)
if (!(mode === 'keep' && rest.length === 2) && mode !== 'render') {
  console.error('usage: node scripts/keep-run.mjs keep <run folder> <name> | render [<name> ...]')
  process.exit(2)
}

const report = (...words) =>
  execFileSync(process.execPath, [join(root, 'bin/rank-bench.js'), 'report', ...words], {
    cwd: results,
    stdio: 'inherit',
  })

function render(name) {
  const figures = join(name, 'figures')
  rmSync(join(results, figures), { recursive: true, force: true })
  report(name, '--format', 'markdown', '-o', join(name, 'report.md'), '--figures', figures)
  report(name, '--format', 'json', '-o', join(name, 'tables.json'))
  if (readdirSync(join(results, figures)).length === 0) rmSync(join(results, figures), { recursive: true })
  for (const [ending, format] of [
    ['md', 'markdown'],
    ['html', 'html'],
  ]) {
    const page = `${name}.${ending}`
    if (existsSync(join(results, page))) report(name, '--summary', '--format', format, '-o', page)
  }
}

function keep(from, name) {
  const folder = join(results, name)
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(resolve(from), 'run.json'), join(folder, 'run.json'))
  writeFileSync(
    join(folder, 'samples.arrow.gz'),
    gzipSync(readFileSync(join(resolve(from), 'samples.arrow')), { level: 9 }),
  )
}

const isRun = (name) => existsSync(join(results, name, 'run.json'))
if (mode === 'keep') keep(rest[0], rest[1])
const named = mode === 'keep' ? [rest[1]] : rest
for (const name of named.length > 0 ? named : readdirSync(results).filter(isRun)) render(name)
