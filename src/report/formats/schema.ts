/** The shape of tables in JSON, published as docs/tables.schema.json. A change that breaks a reader raises the version. */

import { z } from 'zod'

export const tablesFormat = 'rank-bench/tables'
export const tablesVersion = 1

const cell = z
  .strictObject({
    value: z.union([z.number(), z.string(), z.null()]).describe('the number in full, or the text; null: there is none'),
    text: z.string().describe('as a person reads it'),
    unit: z.enum(['ns', 'bytes', '1', 'x']).optional().describe('x: a ratio'),
    interval: z
      .strictObject({ low: z.number(), high: z.number(), level: z.number().optional() })
      .optional()
      .describe('bounds of the value, in its unit'),
    n: z.int().min(1).optional().describe('how many values it is a mean or median of'),
    mark: z.string().optional().describe('a mark that the table explains, e.g. *'),
  })
  .describe('one cell of a table')

const table = z.strictObject({
  id: z.string().describe('stable name of the table within a run'),
  title: z.string(),
  about: z.array(z.string()).describe('what is compared, where, how'),
  columns: z.array(z.string()).describe('keys of the rows, in the order printed'),
  rows: z.array(z.record(z.string(), cell)),
  notes: z.array(z.string()).describe('warnings and reasons'),
})

export const tablesSchema = z.strictObject({
  format: z.literal(tablesFormat),
  version: z.literal(tablesVersion),
  tables: z.array(table),
})

export type TablesObject = z.infer<typeof tablesSchema>
export type CellObject = z.infer<typeof cell>
