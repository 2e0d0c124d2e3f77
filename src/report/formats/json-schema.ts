/** The published schema of tables in JSON. */

import { z } from 'zod'
import { tablesSchema } from './schema.ts'

export const tablesJsonSchema = (): object => z.toJSONSchema(tablesSchema, { target: 'draft-2020-12' })
