/** Every single feature as a ranker; the other baselines stand among the trained rankers. */

import type { Reporter } from '../../core/report.ts'
import { present } from '../../report/sections.ts'
import { featureTables } from './feature-table.ts'

export const reporter: Reporter = { sections: (run) => present('detail', ...featureTables(run)) }
