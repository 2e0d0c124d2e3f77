/** Accuracy of every operator at each k, and how it was reached. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { topkTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', ...topkTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).topkFigures(run)),
  ],
}
