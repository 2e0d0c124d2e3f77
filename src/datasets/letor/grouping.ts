/**
 * Which list a line belongs to: by the query it names, or by the sizes of lists that stand in a file of their own, as
 * LightGBM's .query and XGBoost's .group files do.
 */

import { printable } from '../../core/printable.ts'
import { LineProblem } from './cursor.ts'

export interface Grouping {
  /**
   * @param query the query that the line names
   * @returns the name of a list that begins with this line
   * @throws LineProblem when the line belongs to no list
   */
  enter(query: string | undefined, line: number, missing: () => never): string | undefined
  /** @throws LineProblem when documents of the last lists are missing */
  end(): void
}

function byName(): Grouping {
  let current: string | undefined
  /** Line on which each query began, to name both when one comes back. */
  const begun = new Map<string, number>()
  return {
    enter(query, line, missing) {
      if (query === undefined) return missing()
      if (query === current) return undefined
      const earlier = begun.get(query)
      if (earlier !== undefined) {
        throw new LineProblem(
          `query ${printable(query)} comes back after another one (it began on line ${earlier}); tools split or merge such lists silently, so sort the file by query`,
        )
      }
      current = query
      begun.set(query, line)
      return query
    },
    end() {},
  }
}

/** Lines that name their query too must agree with the sizes. */
function bySize(sizes: readonly number[]): Grouping {
  const names = byName()
  let [list, left] = [0, 0]
  const next = () => {
    if (list === sizes.length) {
      throw new LineProblem(`a document beyond the ${sizes.length} lists of the file of sizes`)
    }
    left = sizes[list++]
  }
  return {
    enter(query, line) {
      const begins = left === 0
      if (begins) next()
      left--
      if (query === undefined) return begins ? String(list) : undefined
      const named = names.enter(query, line, () => {
        throw new LineProblem('no query')
      })
      if ((named !== undefined) === begins) return named
      throw new LineProblem(`list ${list} by the file of sizes, but ${printable(query)} by its qid: they do not agree`)
    },
    end() {
      if (left === 0 && list === sizes.length) return
      throw new LineProblem(`the file ends in list ${list} of ${sizes.length} by the file of sizes`)
    },
  }
}

export const createGrouping = (sizes: readonly number[] | undefined): Grouping =>
  sizes === undefined ? byName() : bySize(sizes)
