/**
 * What a plug-in is given to build with: the same helpers that built-in methods are made of. Handed over, not imported,
 * so that a plug-in needs nothing installed beside it.
 */

import { dataError, usageError, valueError } from '../core/errors.ts'
import { defineMethod } from '../core/method.ts'
import { randomStream } from '../core/random.ts'
import { formatRef } from '../core/selector.ts'
import { raggedShape, regularShape } from '../core/shape.ts'
import { direction, reduction, strength, tau } from '../methods/kit/declared-params.ts'
import { type LossDeclaration, lossOperator, type MakeLoss } from '../methods/kit/loss-plan.ts'
import { permutationOperators } from '../methods/kit/permutation-rows.ts'
import { itemOperator, matrixOperator, scalarOperator } from '../methods/kit/row-plan.ts'
import { argsort, argsortWork } from '../methods/numerics/argsort.ts'

export const kit = {
  defineMethod,
  itemOperator,
  matrixOperator,
  scalarOperator,
  permutationOperators,
  /** Takes item weights where `weighted: true` is declared: only the plug-in knows whether its kernel reads them. */
  lossOperator: (declared: LossDeclaration, make: MakeLoss) => lossOperator({ weighted: false, ...declared }, make),
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
