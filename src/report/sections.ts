/** Tables and pictures as sections of a report. */

import type { Figure, Place, ReportTable, Section } from '../core/report.ts'

/** The tables that there are. */
export const present = (at: Place, ...tables: readonly (ReportTable | undefined)[]): Section[] =>
  tables.flatMap((table) => (table ? [{ at, table }] : []))

export const figures = (at: Place, draw: () => Promise<readonly Figure[]>): Section[] => [{ at, figures: draw }]

const order: readonly Place[] = ['summary', 'main', 'detail']

/** As a reader meets them; those of one place in the order given. */
export const inOrder = (sections: readonly Section[]): Section[] =>
  order.flatMap((at) => sections.filter((section) => section.at === at))

export const tablesAt = (sections: readonly Section[], at: Place): ReportTable[] =>
  sections.flatMap((section) => (section.at === at && 'table' in section ? [section.table] : []))
