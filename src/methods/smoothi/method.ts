/**
 * SmoothI: row r of the matrix says which item has rank r, by a softmax from which the items of earlier ranks have been
 * taken out softly; see shared/smoothi-indicators. Rows sum to 1; columns need not.
 */

import { defineMethod, type Promises } from '../../core/method.ts'
import type { ParamSpace, Params } from '../../core/params.ts'
import { direction } from '../kit/declared-params.ts'
import { withKernels } from '../kit/fast-plan.ts'
import { type MakeRow, matrixOperator } from '../kit/row-plan.ts'
import { smoothiMatrixKernels } from './host.ts'
import { createIndicators } from './indicators.ts'

/** Parameters that the losses on the same indicators share. */
export const smoothiParams: ParamSpace = {
  alpha: {
    kind: 'number',
    default: 1,
    min: 0,
    exclusiveMin: true,
    meaning: 'inverse temperature; larger is harder',
  },
  delta: { kind: 'number', default: 0.1, min: 0, max: 1, meaning: 'how far below the rest an item is put once ranked' },
  'stop-gradient': {
    kind: 'flag',
    default: true,
    meaning: 'no gradient through the ranks before, as the released code; false gives the exact one',
  },
}

const matrixRow: MakeRow = ({ x, y, yBar, xBar }, params) => {
  const indicators = createIndicators(x.length, x.length, y, {
    alpha: params.alpha as number,
    delta: params.delta as number,
    stopGradient: params['stop-gradient'] as boolean,
    sign: params.direction === 'descending' ? 1 : -1,
  })
  return {
    forward: () => indicators.run(x),
    backward: () => indicators.pull(yBar, xBar),
    push: (xDot, yDot) => indicators.push(xDot, yDot),
  }
}

/** Without delta an item that has been ranked ties with the last one, however large alpha is. */
const promises = ({ delta }: Params): Promises => ({
  softness: { param: 'alpha', inverse: true, units: -1 },
  recursive: true,
  hardLimit: (delta as number) > 0 && (delta as number) < 1,
  stochastic: 'rows',
  shift: 'stays',
})

/** SmoothI rank indicators. */
export const smoothi = defineMethod({
  name: 'smoothi',
  title: 'SmoothI: smooth rank indicators',
  citations: [
    {
      authors: 'Thonet, Cinar, Gaussier, Li, Renders',
      title: 'SmoothI: Smooth Rank Indicators for Differentiable IR Metrics',
      venue: 'AAAI',
      year: 2022,
      url: 'https://arxiv.org/abs/2105.00942',
    },
  ],
  operators: {
    matrix: withKernels(
      matrixOperator(
        {
          params: { ...smoothiParams, direction: direction('descending') },
          growth: { forward: 'n^2', backward: 'n^2', memory: 'n^2' },
          gradient: (params) => (params['stop-gradient'] ? 'surrogate' : 'exact'),
          promises,
        },
        matrixRow,
      ),
      smoothiMatrixKernels,
    ),
  },
})
