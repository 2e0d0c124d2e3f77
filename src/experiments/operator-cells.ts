/** The cells of experiments that look at operators, and who else computes them. */

import { isOurs } from '../core/cell.ts'
import type { PlannedCell, Scope } from '../core/experiment.ts'
import { mostThreads } from '../core/method.ts'
import { type MethodRef, methodOf } from '../core/method-ref.ts'
import type { ParamSpec } from '../core/params.ts'
import { ours } from '../core/system.ts'

/** Cells for every method x list data set x precision x seed. An experiment that draws its own values still needs one data set: it is part of the cell's key. */
export function operatorCells(scope: Scope, methods: readonly MethodRef[] = scope.methods): PlannedCell[] {
  const datasets = scope.datasets.filter((dataset) => scope.kindOf(dataset) === 'lists')
  return methods.flatMap((method) =>
    datasets.flatMap((dataset) =>
      scope.precisions.flatMap((precision) =>
        scope.seeds.map((seed) => ({
          system: scope.systems.bringer(method.name) ?? ours,
          method,
          dataset,
          split: '',
          seed,
          precision,
        })),
      ),
    ),
  )
}

/** Names of the systems that compute a cell of ours too; of an operator that a peer brings there is no other. */
export const besides = (scope: Scope, cell: PlannedCell): readonly string[] => {
  const { method, dataset, precision } = cell
  return isOurs(cell) ? scope.systems.offering({ method: methodOf(method), dataset, precision }) : []
}

/** Every cell, and next to it the first usual system that computes it too. */
export const besideUsual = (scope: Scope): PlannedCell[] =>
  operatorCells(scope).flatMap((cell) => {
    const peer = besides(scope, cell).find((name) => scope.systems.usual.includes(name))
    return peer === undefined ? [cell] : [cell, { ...cell, system: peer }]
  })

/** Every cell that somebody else computes too, and next to it theirs. */
export const besideAll = (scope: Scope): PlannedCell[] =>
  operatorCells(scope).flatMap((cell) => {
    const others = besides(scope, cell)
    return others.length === 0 && isOurs(cell) ? [] : [cell, ...others.map((system) => ({ ...cell, system }))]
  })

export const threads = {
  kind: 'number',
  integer: true,
  min: 1,
  max: mostThreads,
  default: 1,
  meaning: 'threads, on every side that is timed',
} as const satisfies ParamSpec
