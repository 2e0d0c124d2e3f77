/** Options of every verb that compares two versions. */

import { type Command, InvalidArgumentError } from 'commander'
import { type PolicyLine, parsePolicyLine } from '../judge/gate/policy.ts'
import { word } from './arguments.ts'

const limits = (text: string, previous: PolicyLine[] = []): PolicyLine[] => [...previous, parsePolicyLine(text)]

function probability(text: string): number {
  const value = Number(text)
  if (value > 0 && value < 0.5) return value
  throw new InvalidArgumentError('expected a probability between 0 and 0.5, e.g. 0.01.')
}

/** Where the result goes, the same for every verb that compares. */
export const addGateFiles = (command: Command): Command =>
  command
    .option('--json [file]', 'the result with every round, to a file or to standard output')
    .option('--junit <file>', 'JUnit XML', word)
    .option('--markdown <file>', 'the text of a comment on a pull request', word)
    .option('--benchmark-json <file>', 'customSmallerIsBetter of github-action-benchmark', word)
    .option('--bencher-json <file>', 'Bencher Metric Format', word)
    .option('--badge <file>', 'an endpoint of shields.io', word)
    .option('--history <file>', 'append a line; see rank-bench history', word)
    .option('--github', 'annotations and a step summary (default: where GITHUB_ACTIONS is true)')

/** Which numbers may get how much worse. */
export const addPolicy = (command: Command): Command =>
  command
    .option(
      '--limit <[selector/]metric=limit>',
      "how much worse a number may get, e.g. 'time.*=5%' or 'ndcg*=0.01' or 'error*=off'; repeatable, the last that fits counts",
      limits,
    )
    .option(
      '--policy <file>',
      'limits as JSON: {"limits": [{"match": "rank:*", "metric": "time.*", "limit": "5%"}]}',
      word,
    )
    .option('--alarm <p>', 'probability of a false alarm, all numbers together', probability, 0.01)
    .option('--pass <p>', 'probability that a number that is worse by its limit passes', probability, 0.05)
