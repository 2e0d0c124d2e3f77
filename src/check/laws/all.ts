/** The law suite of an operator, in the order a person wants to read it. */

import type { Law } from '../law.ts'
import { allocation, edges, isolation, precision, purity, range, repetition } from './conduct.ts'
import { curvature, derivative, transpose, weighted } from './derivatives.ts'
import { fastIsReference } from './engine.ts'
import { monotone, shift, symmetry, ties, unit } from './symmetries.ts'
import { hardLimit, hardThreshold, majorised, ordered, stochastic, sums } from './values.ts'

export const laws: readonly Law[] = [
  fastIsReference,
  derivative,
  transpose,
  weighted,
  curvature,
  precision,
  range,
  hardLimit,
  hardThreshold,
  sums,
  stochastic,
  majorised,
  ordered,
  monotone,
  ties,
  symmetry,
  shift,
  unit,
  edges,
  isolation,
  purity,
  repetition,
  allocation,
]
