/** One table: who computes what we compute, and how it is called. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { agreementTable } from './table.ts'

export const reporter: Reporter = { sections: (run) => present('main', agreementTable(run)) }
