/** Renderers: tables in, text out. Each is a pure function of the neutral row model. */

import type { ReportTable } from '../table.ts'
import { csv } from './csv.ts'
import { html } from './html.ts'
import { json } from './json.ts'
import { latex } from './latex.ts'
import { markdown } from './markdown.ts'
import { type TerminalOptions, terminal } from './terminal.ts'

export const formats = {
  terminal,
  markdown,
  latex,
  csv,
  json,
  html: (tables) => html(tables),
} as const satisfies Record<string, (tables: readonly ReportTable[], options: TerminalOptions) => string>
export type Format = keyof typeof formats
