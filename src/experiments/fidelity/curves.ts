/** The curves of the fidelity experiment, read from a run. */

import { entriesOf, methodLabel, observation, type RunData, seedSuffix } from '../../results/view.ts'

export interface FidelityPoint {
  readonly operator: string
  readonly method: string
  readonly softness: number
  readonly distance: number
  readonly agreement: number
  readonly snr: number
}

/** The curves of a run; points that a parameter does not reach are left out. */
export function fidelityPoints(run: RunData): FidelityPoint[] {
  const entries = entriesOf(run, 'fidelity')
  const suffix = seedSuffix(entries)
  const lengths = new Set(entries.map(({ cell }) => cell.experiment.params.n))
  return entries.flatMap(({ cell, result }) => {
    const of = (metric: string) => observation(result, metric)?.samples ?? []
    const [softness, distance] = [of('axis.softness'), of('fidelity.distance')]
    const [agreement, snr] = [of('fidelity.agreement'), of('fidelity.snr')]
    const [operator, name] = methodLabel(run, cell).split(/:(.*)/)
    // Curves of two lengths or seeds are two curves.
    const method = `${name}${lengths.size > 1 ? `, n = ${cell.experiment.params.n}` : ''}${suffix(cell)}`
    return softness.flatMap((soft, i) =>
      distance[i] < 0
        ? []
        : [{ operator, method, softness: soft, distance: distance[i], agreement: agreement[i], snr: snr[i] }],
    )
  })
}
