/** Where the result of a gate goes besides the terminal: files, and the places that GitHub reads. */

import { appendFileSync } from 'node:fs'
import type { GateOutcome, GateResult } from '../core/gate.ts'
import { onFile } from '../files/problem.ts'
import { writeWhole } from '../files/write.ts'
import { annotations, comment } from '../report/gate/github.ts'
import { junit } from '../report/gate/junit.ts'
import { badgeJson, bencherJson, benchmarkJson } from '../report/gate/services.ts'
import { appendGate } from '../store/gate-history.ts'
import { print, tell } from './output.ts'

export interface GateFiles {
  /** A file, or standard output. */
  json?: string | true
  junit?: string
  markdown?: string
  benchmarkJson?: string
  bencherJson?: string
  badge?: string
  history?: string
  github?: boolean
}

/** Numbers that are not finite have no word in JSON: they are spelled. */
export const gateJson = (result: GateResult): string =>
  `${JSON.stringify(result, (_key, value) => (typeof value === 'number' && !Number.isFinite(value) ? `${value}` : value), 2)}\n`

/** Annotations on standard output, tables into the summary of the step. */
function toGitHub(result: GateResult, sentence: string): void {
  for (const line of annotations(result)) print(line)
  const summary = process.env.GITHUB_STEP_SUMMARY
  if (summary) onFile(summary, () => appendFileSync(summary, comment(result, sentence)))
}

export function writeGate(result: GateResult, outcome: GateOutcome, sentence: string, files: GateFiles): void {
  const texts = {
    json: () => gateJson(result),
    junit: () => junit(result),
    markdown: () => comment(result, sentence),
    benchmarkJson: () => benchmarkJson(result),
    bencherJson: () => bencherJson(result),
    badge: () => badgeJson(outcome, result),
  } as const
  for (const [name, render] of Object.entries(texts)) {
    const path = files[name as keyof typeof texts]
    if (typeof path === 'string') writeWhole(path, render())
  }
  if (files.history !== undefined) tell(`gate: line ${appendGate(files.history, result, outcome)} of ${files.history}`)
  if (files.github ?? process.env.GITHUB_ACTIONS === 'true') toGitHub(result, sentence)
}
