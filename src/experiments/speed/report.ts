/** Targets, growth, the engine beside others, and a picture a family. */

import type { Reporter } from '../../core/report.ts'
import { figures, present } from '../../report/sections.ts'
import { speedTables } from './table.ts'

export const reporter: Reporter = {
  sections: (run) => [
    ...present('main', ...speedTables(run)),
    ...figures('main', async () => (await import('./peers-figure.ts')).peersFigures(run)),
    ...figures('main', async () => (await import('./figures.ts')).speedFigures(run)),
  ],
}
