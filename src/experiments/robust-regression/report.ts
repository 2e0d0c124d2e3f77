/** R2 of every method on every data set and share of outliers, as a table and as lines over the share. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { robustTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('main', ...robustTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).robustFigures(run)),
  ],
}
