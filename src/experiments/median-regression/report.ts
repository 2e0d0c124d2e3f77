/** How near every operator comes to the median, and how it was reached. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { medianTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', ...medianTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).medianFigures(run)),
  ],
}
