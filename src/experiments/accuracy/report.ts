/** One table: what f32 keeps. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { accuracyTable } from './table.ts'

export const reporter: Reporter = { sections: (run) => present('main', accuracyTable(run)) }
