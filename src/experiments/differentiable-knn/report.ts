/** Accuracy of the neighbours that every operator has found, and how it was reached. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { knnTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', ...knnTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).knnFigures(run)),
  ],
}
