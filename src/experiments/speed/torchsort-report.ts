/** A table a point: torchsort beside ours. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { torchsortTables } from './torchsort-table.ts'

export const reporter: Reporter = { sections: (run) => present('main', ...torchsortTables(run)) }
