/** A table a point: every operator, forward, backward and both; times with their intervals as pictures. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { operatorsTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('summary', ...operatorsTables(run)),
    ...figures('main', async () => (await import('./figures.ts')).latencyFigures(run)),
  ],
}
