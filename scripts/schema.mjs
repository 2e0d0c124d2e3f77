// Writes configs/schema.json from the schema that decodes configs, so that editors and the program agree.
import { writeFileSync } from 'node:fs'
import { configJsonSchema } from '../dist/config/schema.js'

writeFileSync('configs/schema.json', `${JSON.stringify(configJsonSchema(), null, 2)}\n`)
