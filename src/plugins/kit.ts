/**
 * What a plug-in is given to build with: the same helpers that built-in methods are made of. Handed over, not imported,
 * so that a plug-in needs nothing installed beside it.
 */

import { dataError, usageError, valueError } from '../core/errors.ts'
import { defineMethod } from '../core/method.ts'
import { randomStream } from '../core/random.ts'
import { formatRef } from '../core/selector.ts'
import { raggedShape, regularShape } from '../core/shape.ts'
import { argsort, argsortWork } from '../methods/shared/argsort.ts'
import { direction, reduction, strength, tau } from '../methods/shared/declared-params.ts'
import { lossOperator } from '../methods/shared/loss-plan.ts'
import { permutationOperators } from '../methods/shared/permutation-rows.ts'
import { itemOperator, matrixOperator, scalarOperator } from '../methods/shared/row-plan.ts'

export const kit = {
  defineMethod,
  itemOperator,
  matrixOperator,
  scalarOperator,
  permutationOperators,
  lossOperator,
  /** Parameters declared in the words of the built-in methods. */
  params: { direction, strength, tau, reduction },
  argsort,
  argsortWork,
  randomStream,
  formatRef,
  raggedShape,
  regularShape,
  errors: { usageError, valueError, dataError },
} as const

export type Kit = typeof kit
