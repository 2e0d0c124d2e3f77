// Every metric of every preset, held to the tool itself on generated lists:
//
//   node scripts/metrics-agreement.mjs ask <folder> --python <interpreter> [--python ...] [--ranklib <classpath>
//        --ranklib-version <words>] [--letor <folder>] [--seed 1]
//   node scripts/metrics-agreement.mjs render <folder>
//
// `ask` gives the lists to each interpreter (tools.py there asks pytrec_eval, scikit-learn, SciPy, LightGBM, XGBoost, CatBoost, allRank,
// TorchMetrics, Rax and TF-Ranking, whichever it has, RankLib's own classes by Java and the LETOR and MSLR scripts by Perl), keeps the
// answers in <folder>/answers.json.gz and renders them. `render` computes our side anew beside the answers that are kept: report.md and
// tables.json. Exit 1 where a cell is off, 3 where a tool is missing.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { parseAnswers } from '../dist/evaluate/agreement/answers.js'
import { agreementCells } from '../dist/evaluate/agreement/cells.js'
import { agreementLists } from '../dist/evaluate/agreement/lists.js'
import { agreementOf, agreementTables, offCells } from '../dist/evaluate/agreement/tables.js'
import { formats } from '../dist/report/formats/formats.js'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string', multiple: true },
    ranklib: { type: 'string' },
    'ranklib-version': { type: 'string' },
    letor: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
})
const [mode, folder] = positionals
if (!folder || !['ask', 'render'].includes(mode) || (mode === 'ask' && !flags.python)) {
  console.error(
    'usage: node scripts/metrics-agreement.mjs ask <folder> --python <interpreter> [--ranklib <classpath>] [--letor <folder>] | render <folder>',
  )
  process.exit(2)
}
const kept = join(folder, 'answers.json.gz')

/** @returns {{ tools: { preset: string }[], values: Record<string, (number | null)[]> }} */
function ask(python, lists, cells) {
  const request = {
    lists,
    cells,
    ranklib: flags.ranklib ?? null,
    ranklibVersion: flags['ranklib-version'] ?? 'of a version that was not said',
    letor: flags.letor ?? null,
  }
  const script = fileURLToPath(new URL('./metrics-agreement/tools.py', import.meta.url))
  const { status, stdout, error } = spawnSync(python, [script], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 3_600_000,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (error || status !== 0) throw new Error(`${python} gave no answer: ${error?.message ?? `exit ${status}`}`)
  return JSON.parse(stdout)
}

/** The first interpreter that has a tool answers for it. */
function askAll(seed) {
  const lists = agreementLists(seed)
  const tools = new Map()
  const values = {}
  for (const python of flags.python) {
    const open = agreementCells().filter(({ preset }) => !tools.get(preset)?.tool)
    const cells = open.map(({ name, preset, metric }) => ({
      name,
      preset,
      metric: metric.name,
      cutoff: metric.cutoff ?? null,
    }))
    const answer = ask(python, lists, cells)
    for (const tool of answer.tools) tools.set(tool.preset, tool)
    Object.assign(values, answer.values)
  }
  const command = `node scripts/metrics-agreement.mjs ask results/metrics-agreement ${flags.python.map(() => '--python <interpreter>').join(' ')} --ranklib <classpath> --letor <folder> --seed ${seed}`
  return { version: 1, seed, command, tools: [...tools.values()], values }
}

if (mode === 'ask') {
  mkdirSync(folder, { recursive: true })
  writeFileSync(kept, gzipSync(JSON.stringify(askAll(Number(flags.seed)))))
}
const agreement = agreementOf(parseAnswers(JSON.parse(gunzipSync(readFileSync(kept)).toString()), kept))
const tables = agreementTables(agreement)
writeFileSync(join(folder, 'report.md'), formats.markdown(tables))
writeFileSync(join(folder, 'tables.json'), formats.json(tables))
const off = offCells(agreement)
for (const { cell, largest, worst, lists } of off)
  console.log(`off: ${cell.name}, ${largest.toExponential(1)} on ${worst || `${lists} lists`}`)
console.log(
  `metrics-agreement: ${agreement.compared.length} cells, ${off.length} off, ${agreement.unasked.length} not asked; ${join(folder, 'report.md')}`,
)
process.exit(off.length > 0 ? 1 : agreement.unasked.length > 0 ? 3 : 0)
