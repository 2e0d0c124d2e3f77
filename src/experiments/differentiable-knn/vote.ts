/** What neighbours say. */

/** The class that most of the nearest have; of equal ones that whose first is the nearest. */
export function majority(labels: ArrayLike<number>): number {
  const votes = new Map<number, number>()
  for (let i = 0; i < labels.length; i++) votes.set(labels[i], (votes.get(labels[i]) ?? 0) + 1)
  return [...votes].reduce((most, each) => (each[1] > most[1] ? each : most))[0]
}
