/**
 * An experiment of your own: how far are soft ranks from the hard ones?
 *
 * Try it:
 *   rank-bench check --plugin ./examples/experiment.mjs
 *   rank-bench run -e rank-distance -m 'rank:*' -d 'sorting[n=100]' --plugin ./examples/experiment.mjs
 */

/** Cells that were measured: the method, and its distance. */
const measured = (run) =>
  run.entries.flatMap(({ cell, result }) =>
    cell.experiment.name === 'rank-distance' && result.status === 'measured'
      ? [{ method: cell.method.name, distance: result.observations[0].value }]
      : [],
  )

function sectionsOf(run) {
  const found = measured(run).sort((a, b) => a.distance - b.distance)
  if (found.length === 0) return []
  const table = {
    id: 'rank-distance',
    title: 'Soft ranks from hard ones, the nearest first',
    about: [run.machine],
    columns: [
      { title: 'method', align: 'left' },
      { title: 'distance', align: 'right' },
    ],
    rows: found.map(({ method, distance }) => [{ text: method }, { text: distance.toFixed(3), data: distance }]),
    notes: [],
  }
  return [
    { at: 'main', table },
    { at: 'main', figures: async () => [picture(found)] },
  ]
}

/** A bar a method, as SVG. */
function picture(found) {
  const longest = Math.max(...found.map(({ distance }) => distance), 1e-9)
  const bars = found.map(
    ({ method, distance }, i) =>
      `<text x="4" y="${16 + 20 * i}">${method}</text>` +
      `<rect x="200" y="${4 + 20 * i}" height="14" width="${(300 * distance) / longest}"/>`,
  )
  const size = `width="520" height="${8 + 20 * found.length}"`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-size="12">${bars.join('')}</svg>`
  return { name: 'rank-distance', title: 'Distance from the hard ranks', svg }
}

/** @type {import('rank-bench').Plugin} */
export default () => ({
  experiments: [
    {
      name: 'rank-distance',
      /** Raise it when the meaning of the numbers changes: stored results of the old one are then not used again. */
      version: 1,
      question: 'How far are soft ranks from the hard ones?',
      params: {},
      /** Every number it answers with: unit, good side, meaning. */
      measures: {
        'rank-distance': { unit: '1', better: 'lower', meaning: 'mean distance of soft ranks from hard ones' },
      },
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
                    system: 'rank-bench',
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
      /** Its own table and picture; leave it out for one row a cell, a column a measure. */
      report: async () => ({ sections: (run) => sectionsOf(run) }),
    },
  ],
})
