/** The pictures of a run, written to a folder. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { RunData } from '../core/report.ts'
import { onFile } from '../files/problem.ts'
import { writeWhole } from '../files/write.ts'
import { figuresOf } from './report.ts'

/** @returns how many there were */
export async function writeFigures(run: RunData, folder: string): Promise<number> {
  const figures = await figuresOf(run)
  onFile(folder, () => mkdirSync(folder, { recursive: true }))
  for (const { name, svg } of figures) writeWhole(join(folder, `${name}.svg`), svg)
  return figures.length
}
