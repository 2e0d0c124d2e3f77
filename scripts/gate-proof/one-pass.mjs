// A gate of one number: forward and backward of one operator, so that hundreds of gates take minutes instead of hours.

/** @type {import('rank-bench').Plugin} */
export default () => ({
  experiments: [
    {
      name: 'one-pass',
      version: 1,
      question: 'How long does one call take, forward and backward?',
      params: {},
      measures: { 'time.forward+backward': { unit: 'ns', better: 'lower', value: 'median', meaning: 'a call' } },
      takes: { operators: ['rank', 'sort', 'loss'], data: 'lists' },
      timed: true,
      plan: (scope) =>
        scope.methods.flatMap((method) =>
          scope.datasets.map((dataset) => ({
            system: 'rank-bench',
            method,
            dataset,
            split: '',
            seed: scope.seeds[0],
            precision: scope.precisions[0],
          })),
        ),
      async run(cell, bench) {
        const { offsets, values } = bench.dataset(cell.dataset).generate(cell.dataset.params, cell.seed)
        const plan = bench.operator(cell.method, {}).plan({ offsets }, cell.method.params, cell.precision)
        // Numbers to sort have no grades: what is above zero, about half of them, is relevant.
        plan.labels?.set(values.map((value) => Number(value > 0)))
        plan.cotangent.fill(1)
        const time = bench.time('time.forward+backward', () => {
          plan.values.set(values)
          plan.forward()
          plan.backward()
        })
        plan.dispose()
        return [time]
      },
    },
  ],
})
