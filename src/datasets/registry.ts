/** All data sets, by name. */

import type { Dataset } from '../core/dataset.ts'
import { given } from './given.ts'
import { letorByPath, letorDatasets } from './letor/dataset.ts'
import { sorting } from './sorting.ts'
import { syntheticLetor } from './synthetic-letor.ts'

const all: readonly Dataset[] = [sorting, given, syntheticLetor, ...letorDatasets, letorByPath]

export const datasets: ReadonlyMap<string, Dataset> = new Map(all.map((dataset) => [dataset.name, dataset]))
