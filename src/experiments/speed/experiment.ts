/** How fast is the engine, next to PyTorch and next to our own reference, on the same numbers, in the same rounds? */

import { isOurs } from '../../core/cell.ts'
import { usageError } from '../../core/errors.ts'
import type { Experiment, PlannedCell, Scope } from '../../core/experiment.ts'
import { operatorNames } from '../../core/operators.ts'
import { didYouMean } from '../../core/suggest.ts'
import { reference } from '../../core/system.ts'
import { agreementMeasures, memoryMeasures, timeMeasures } from '../../probe/time-measures.ts'
import { besideAll, besides, besideUsual, operatorCells, threads } from '../operator-cells.ts'
import { timeOperator } from '../time-operator.ts'

/** Every cell, and next to it one by a system that the user named. @throws RankBenchError(usage) for a name nobody has */
function besideNamed(scope: Scope, name: string): PlannedCell[] {
  const { names } = scope.systems
  if (!names.includes(name)) {
    throw usageError(
      `beside=${name}: no system is called so; expected torch, peers, reference, nothing, ${names.join(', ')}`,
      didYouMean(name, names, 'rank-bench peers list'),
    )
  }
  return operatorCells(scope).flatMap((cell) =>
    besides(scope, cell).includes(name) ? [cell, { ...cell, system: name }] : [cell],
  )
}

export const speed: Experiment = {
  name: 'speed',
  version: 1,
  question: 'How fast is the engine, next to PyTorch and to our own reference?',
  params: {
    beside: {
      kind: 'text',
      default: 'torch',
      examples: ['torch', 'peers', 'reference', 'nothing'],
      meaning:
        'who else is timed: torch (torchsort, else plain PyTorch), peers (all that have it), reference (ours), nothing, or a peer by its name',
    },
    threads,
  },
  measures: { ...timeMeasures, ...agreementMeasures, ...memoryMeasures },
  takes: { operators: operatorNames, data: 'lists', systems: 'peers', brought: true },
  timed: true,
  usesEngine: isOurs,
  plan(scope) {
    const beside = String(scope.experiment.params.beside)
    if (beside === 'torch') return besideUsual(scope)
    if (beside === 'nothing') return operatorCells(scope)
    if (beside === 'reference') {
      return operatorCells(scope).flatMap((cell) => [cell, { ...cell, system: reference }])
    }
    return beside === 'peers' ? besideAll(scope) : besideNamed(scope, beside)
  },
  run: async (cell, bench) =>
    timeOperator(cell, bench, { engine: 'fast', threads: Number(cell.experiment.params.threads) }),
  report: async () => (await import('./report.ts')).reporter,
}
