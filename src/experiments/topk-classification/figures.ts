/** How accuracy on the validation pictures grew, a picture a data set and k; of each operator the settings that were chosen. */

import type { Figure } from '../../report/plot.ts'
import type { Entry, RunData } from '../../results/view.ts'
import { curveFigure } from '../training/curves.ts'
import { topkChosen, topkGroups, trainedFor } from './table.ts'

/** Losses are trained for no k: they are drawn at 1, by which their weights are kept. */
const drawnAt = (entry: Entry): number => trainedFor(entry) || 1

export const topkFigures = (run: RunData): Figure[] =>
  topkGroups(run).flatMap(([label, entries]) => {
    const chosen = topkChosen(run, entries).flatMap((each) => [...each.entries])
    const all = [...new Set(chosen.map(drawnAt))].sort((a, b) => a - b)
    return all.flatMap((k) =>
      curveFigure(
        run,
        chosen.filter((entry) => drawnAt(entry) === k),
        {
          name: `topk-classification-${k}-${label}`,
          title: `${label}: share of validation pictures whose class is among the first ${k}`,
          axis: `top-${k} accuracy`,
          scale: 'share',
        },
      ),
    )
  })
