/**
 * An experiment of your own: how far are soft ranks from the hard ones?
 *
 * Try it:
 *   rank-bench check --plugin ./examples/experiment.mjs
 *   rank-bench run -e rank-distance -m 'rank:*' -d 'sorting[n=100]' --plugin ./examples/experiment.mjs
 */

/** @type {import('rank-bench').Plugin} */
export default () => ({
  experiments: [
    {
      name: 'rank-distance',
      /** Raise it when the meaning of the numbers changes: stored results of the old one are then not used again. */
      version: 1,
      question: 'How far are soft ranks from the hard ones?',
      params: {},
      /** What it is given when nothing is named, and what `check` tries it on. */
      takes: { operators: ['rank'], data: 'lists' },
      /** Timed cells run alone, in fresh processes, in several rounds. */
      timed: false,
      /** Pure: which cells there are. Methods and data sets are those that the user selected. */
      plan: (scope) =>
        scope.methods
          .filter(({ name }) => name.startsWith('rank:'))
          .flatMap((method) =>
            scope.datasets
              .filter((dataset) => scope.kindOf(dataset) === 'lists')
              .flatMap((dataset) =>
                scope.precisions.flatMap((precision) =>
                  scope.seeds.map((seed) => ({
                    implementation: 'rank-bench',
                    method,
                    dataset,
                    split: '',
                    seed,
                    precision,
                  })),
                ),
              ),
          ),
      /** One cell, in a process of its own. `bench` gives operators, data sets and, for timed experiments, a clock. */
      async run(cell, bench) {
        const { offsets, values } = bench.dataset(cell.dataset).generate(cell.dataset.params, cell.seed)
        const ranksBy = (ref) => {
          const plan = bench.operator(ref).plan({ offsets }, ref.params, cell.precision)
          plan.values.set(values)
          plan.forward()
          const ranks = Float64Array.from(plan.output)
          plan.dispose()
          return ranks
        }
        const soft = ranksBy(cell.method)
        const { direction } = cell.method.params
        const hard = ranksBy({ name: 'rank:hard', params: { direction } })
        const distances = Array.from(soft, (rank, i) => Math.abs(rank - hard[i]))
        const mean = distances.reduce((sum, distance) => sum + distance, 0) / distances.length
        return [{ metric: 'rank-distance', unit: '1', better: 'lower', value: mean }]
      },
    },
  ],
})
