/** How the error on the validation sequences fell, a picture a data set; of each operator the settings that were chosen. */

import type { Figure } from '../../report/plot.ts'
import type { RunData } from '../../results/view.ts'
import { curveFigure } from '../training/curves.ts'
import { medianChosen, medianGroups } from './table.ts'

export const medianFigures = (run: RunData): Figure[] =>
  medianGroups(run).flatMap(([label, entries]) =>
    curveFigure(
      run,
      medianChosen(run, entries).flatMap((each) => [...each.entries]),
      {
        name: `median-regression-${label}`,
        title: `${label}: squared error on validation sequences`,
        axis: 'squared distance from the median, in units of 10,000 (logarithmic)',
        scale: 'log',
      },
    ),
  )
