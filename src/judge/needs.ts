/** What a few claims need measured, of all that their paper's run would measure. */

import { loadPaper } from '../config/load.ts'
import type { PaperConfig, Suite } from '../config/schema.ts'
import { usageError } from '../core/errors.ts'
import { isMethod } from '../core/method-ref.ts'
import type { ParamSpace } from '../core/params.ts'
import {
  type Catalogue,
  expandSelectors,
  formatRef,
  parseSelector,
  type Ref,
  splitSelectors,
} from '../core/selector.ts'
import { datasets, experiments, operators } from '../registry.ts'
import { claimsByFamily } from './find.ts'
import { type Target, targetOf } from './target.ts'

const spacesOf = (entries: ReadonlyMap<string, { readonly params: ParamSpace }>): Catalogue =>
  new Map([...entries].map(([name, { params }]) => [name, params]))

const expand = (texts: readonly string[], catalogue: Catalogue, what: string): Ref[] =>
  expandSelectors(texts.flatMap(splitSelectors).map(parseSelector), catalogue, what)

const has = (refs: readonly Ref[], wanted: Ref): boolean => refs.some((ref) => formatRef(ref) === formatRef(wanted))

/**
 * Rankers that no loss has trained stand beside every number: one that has it too keeps the verdict from being reproduced. They are
 * needed whatever is claimed; facts about the data are not.
 */
const isRival = (ref: Ref): boolean => {
  const { takes, certifies } = experiments.get(ref.name)!
  return takes.operators === 'own' && !certifies
}

/** The part of a suite that holds the target's cells, or rivals on its data; nothing where it holds neither. */
function partFor(suite: Suite, { experiment, method, dataset }: Target): Suite[] {
  const datasetsOf = expand(suite.datasets, spacesOf(datasets), 'dataset')
  if (!has(datasetsOf, dataset)) return []
  const question = expand([suite.experiment], spacesOf(experiments), 'experiment')
  const rivals = question
    .filter(isRival)
    .map((ref): Suite => ({ ...suite, experiment: formatRef(ref), datasets: [formatRef(dataset)] }))
  if (!has(question, experiment)) return rivals
  const own = suite.methods && expand(suite.methods, spacesOf(operators), 'method')
  // A ranker that an experiment brings beside the operators of a suite is planned with them.
  if (own && !has(own, method) && isMethod(method)) return rivals
  return [
    ...rivals.filter((rival) => rival.experiment !== formatRef(experiment)),
    {
      ...suite,
      experiment: formatRef(experiment),
      datasets: [formatRef(dataset)],
      ...(own && isMethod(method) && { methods: [formatRef(method)] }),
    },
  ]
}

/** Where the numbers of a family are found: ours, and the publisher's own rankings. */
const targetsOf = ({ ours, published }: PaperConfig['families'][number]): Target[] =>
  [ours, published].flatMap((given) => (given ? [targetOf(given)] : []))

/**
 * The suites of a paper, cut to the cells that its claims among `ids` are judged by. Their keys are those of the whole run.
 * @returns the claims of the paper that were found, and their suites
 * @throws RankBenchError(usage) for a claim that nothing of ours is compared with
 */
export function suitesFor(
  key: string,
  ids: readonly string[],
): { readonly found: readonly string[]; readonly suites: Suite[] } {
  const { config, claims } = loadPaper(key)
  const grouped = claimsByFamily(config, claims)
  const families = config.families.filter((_, at) => grouped[at].some(({ id }) => ids.includes(id)))
  const found = claims.flatMap(({ id }) => (ids.includes(id) ? [id] : []))
  const targets = families.flatMap(targetsOf)
  if (found.length > 0 && targets.length === 0)
    throw usageError(
      `${found.join(', ')}: a number to stand beside others; nothing of ours is compared with it`,
      'rank-bench list claims',
    )
  const parts = targets.flatMap((target) => config.suites.flatMap((suite) => partFor(suite, target)))
  const distinct = new Map(parts.map((suite) => [JSON.stringify(suite), suite]))
  return { found, suites: [...distinct.values()] }
}
