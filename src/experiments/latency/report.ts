/** One table: every operator, forward, backward and both. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { operatorsTable } from './table.ts'

export const reporter: Reporter = { sections: (run) => present('summary', operatorsTable(run)) }
