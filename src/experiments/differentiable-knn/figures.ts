/** How accuracy on the validation pictures grew, a picture a data set; of each operator the settings that were chosen. */

import type { Figure } from '../../report/plot.ts'
import type { RunData } from '../../results/view.ts'
import { curveFigure } from '../training/curves.ts'
import { knnChosen, knnGroups } from './table.ts'

export const knnFigures = (run: RunData): Figure[] =>
  knnGroups(run).flatMap(([label, entries]) =>
    curveFigure(
      run,
      knnChosen(run, entries).flatMap((each) => [...each.entries]),
      {
        name: `differentiable-knn-${label}`,
        title: `${label}: share of validation pictures that are classified right`,
        axis: 'share of the pictures',
        scale: 'share',
      },
    ),
  )
