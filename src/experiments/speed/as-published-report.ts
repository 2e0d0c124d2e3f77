/** A table a script, and in the report of one run the same comparisons by the protocol that peers are otherwise timed by. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { asPublishedTables } from './as-published-table.ts'

export const reporter: Reporter = { sections: (run) => present('main', ...asPublishedTables(run)) }
