/** Panels in rows, each under its name: nothing that is drawn in a panel can cover it. */

import { Plot } from './plot.ts'

interface Panels<P> {
  /** Channels that put a point into its panel. */
  readonly place: { readonly fx: (point: P) => number; readonly fy: (point: P) => number }
  /** Options of the plot. */
  readonly options: Pick<Plot.PlotOptions, 'fx' | 'fy' | 'marginTop'>
  readonly rows: number
  readonly names: Plot.Markish
}

/** Pixels for a name above each row, and above the first one for the name of the axis. */
const [nameHeight, axisName] = [24, 16]

/** @param names of all panels, row after row @param rowHeight of a panel with its name */
export function panels<P>(
  names: readonly string[],
  columns: number,
  rowHeight: number,
  nameOf: (point: P) => string,
): Panels<P> {
  const column = (name: string) => names.indexOf(name) % columns
  const row = (name: string) => Math.floor(names.indexOf(name) / columns)
  return {
    place: { fx: (point) => column(nameOf(point)), fy: (point) => row(nameOf(point)) },
    options: {
      fx: { axis: null },
      fy: { axis: null, padding: nameHeight / rowHeight },
      marginTop: nameHeight + axisName,
    },
    rows: Math.ceil(names.length / columns),
    names: Plot.text(
      names.map((name) => ({ name })),
      {
        fx: ({ name }: { name: string }) => column(name),
        fy: ({ name }: { name: string }) => row(name),
        text: 'name',
        frameAnchor: 'top-left',
        lineAnchor: 'bottom',
        dy: -5,
        fontWeight: 'bold',
      },
    ),
  }
}
