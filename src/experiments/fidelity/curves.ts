/** The curves of the fidelity experiment, read from a run. */

import { entriesOf, methodLabel, observation, type RunData } from '../../results/view.ts'

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
  return entriesOf(run, 'fidelity').flatMap(({ cell, result }) => {
    const of = (metric: string) => observation(result, metric)?.samples ?? []
    const [softness, distance] = [of('axis.softness'), of('fidelity.distance')]
    const [agreement, snr] = [of('fidelity.agreement'), of('fidelity.snr')]
    const [operator, method] = methodLabel(run, cell).split(/:(.*)/)
    return softness.flatMap((soft, i) =>
      distance[i] < 0
        ? []
        : [{ operator, method, softness: soft, distance: distance[i], agreement: agreement[i], snr: snr[i] }],
    )
  })
}
