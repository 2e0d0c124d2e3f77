// Writes the published schemas from those that the program itself uses: of configs, and of tables in JSON.
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../dist/config/schema.js'
import { tablesJsonSchema } from '../dist/report/formats/json-schema.js'

const write = (path, schema) => writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`)
write('configs/schema.json', configJsonSchema())
write('docs/tables.schema.json', tablesJsonSchema())
