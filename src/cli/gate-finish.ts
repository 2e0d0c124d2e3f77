/** The end of a verb that compares: tables, conclusion, files, one sentence. */

import type { GateResult } from '../core/gate.ts'
import { countsText, gateCodes, type Lenience, outcomeOf } from '../judge/gate/outcome.ts'
import { conclusionText } from '../report/conclusion.ts'
import { concludeGate } from '../report/gate/conclusion.ts'
import { gateTables } from '../report/gate/table.ts'
import { exitCode } from './exit.ts'
import { type GateFiles, gateJson, writeGate } from './gate-output.ts'
import { print, tell } from './output.ts'
import { onScreen, screenOptions } from './screen.ts'

/** Prints and writes what came out. @returns the exit code: that of the outcome, or of a verb that only shows it */
export function finishGate(result: GateResult, verb: 'gate' | 'compare', flags: GateFiles, lenience: Lenience): number {
  const outcome = outcomeOf(result.rows, result.failures, lenience)
  const code = verb === 'gate' ? gateCodes[outcome] : exitCode.good
  const sentence = `${verb}: ${outcome}: ${countsText(result.rows)}, ${result.failures.length} not measured — exit ${code} (${result.rows.length} numbers, against ${result.before.name}, ${result.minutes.toFixed(1)} minutes)`
  const toStdout = flags.json === true
  if (toStdout) print(gateJson(result))
  else {
    for (const note of result.notes) tell(`note: ${note}`)
    print(onScreen(gateTables(result)))
    print(conclusionText(concludeGate(result), screenOptions().width))
  }
  writeGate(result, outcome, sentence, flags)
  if (toStdout) tell(sentence)
  else print(sentence)
  return code
}
