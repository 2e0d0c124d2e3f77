/** Accuracy of every operator, and how it was reached. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { sortingTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', ...sortingTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).sortingFigures(run)),
  ],
}
