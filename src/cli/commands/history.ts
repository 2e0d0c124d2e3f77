/** rank-bench history: the gates of a project, one after another, and the points where their numbers change. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { dataError } from '../../core/errors.ts'
import { onFile } from '../../files/problem.ts'
import { writeWhole } from '../../files/write.ts'
import { historyCsv, historyFigure, historyTable, otavaConfig } from '../../report/gate/history.ts'
import { readHistory } from '../../store/gate-history.ts'
import { analyzeHistory } from '../../systems/otava.ts'
import { word } from '../arguments.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { print } from '../output.ts'
import { onScreen } from '../screen.ts'

interface HistoryFlags {
  out: string
  otava: string
}

async function history(path: string, { out, otava }: HistoryFlags): Promise<number> {
  const gates = readHistory(path)
  if (gates.length === 0) throw dataError(`${path} holds no gate`, `rank-bench gate --history ${path} appends one`)
  onFile(out, () => mkdirSync(out, { recursive: true }))
  const csv = join(out, 'history.csv')
  const config = join(out, 'otava.yaml')
  writeWhole(csv, historyCsv(gates))
  writeWhole(config, otavaConfig(gates, csv))
  const { name, svg } = await historyFigure(gates)
  writeWhole(join(out, `${name}.svg`), svg)
  print(onScreen([historyTable(gates, path)]))
  const analysis = analyzeHistory(otava, config, gates[0].at)
  print(
    'missing' in analysis
      ? `change points: ${analysis.missing}`
      : `change points, by Apache Otava:\n${analysis.answer}`,
  )
  print(
    `history: ${gates.length} gates, ${gates.at(-1)!.numbers.length} numbers in the last — exit 0 (${csv}, ${config}, ${name}.svg)`,
  )
  return exitCode.good
}

export function addHistory(program: Command, finish: Finish): void {
  program
    .command('history')
    .description('the gates of a project over time, with change points by Apache Otava where it is installed')
    .argument('<file>', 'what gate --history appended to')
    .option('--out <folder>', 'history.csv, otava.yaml and a picture go there', word, 'gate-history')
    .option('--otava <program>', 'its name or path', word, 'otava')
    .addHelpText('after', examples('rank-bench history gates.jsonl --out gate-history'))
    .action(async (path: string, flags: HistoryFlags) => finish(await history(path, flags)))
}
