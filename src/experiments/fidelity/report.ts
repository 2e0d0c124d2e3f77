/** Methods at comparable softness, two pictures an operator. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { fidelityTable } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('main', fidelityTable(run)),
    ...figures('main', async () => (await import('./figures.ts')).fidelityFigures(run)),
  ],
}
