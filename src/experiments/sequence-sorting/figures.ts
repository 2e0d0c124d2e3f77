/** How accuracy on the validation sequences grew, a picture a data set. */

import type { Figure } from '../../report/plot.ts'
import type { RunData } from '../../results/view.ts'
import { curveFigure } from '../training/curves.ts'
import { sortingGroups } from './table.ts'

export const sortingFigures = (run: RunData): Figure[] =>
  sortingGroups(run).flatMap(([label, entries]) =>
    curveFigure(run, entries, {
      name: `sequence-sorting-${label}`,
      title: `${label}: share of validation sequences that are sorted`,
      axis: 'sequences all of whose numbers are in their places',
      domain: [0, 1],
    }),
  )
