/** Safe ranges of softness, one picture of all operators and one of each. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { stabilityTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('main', ...stabilityTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).stabilityFigures(run)),
  ],
}
