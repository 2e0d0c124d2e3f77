/** Shards as a matrix of GitHub Actions, and a job that merges and reports them. */

import { shellWord } from '../core/shell-word.ts'
import { limitSeconds, type ShardNeeds } from './needs.ts'
import type { Start } from './slurm.ts'

/** A hosted runner ends a job after six hours; some minutes go into bringing the package. */
const [mostMinutes, bringMinutes] = [360, 15]

/** Named, so that numbers do not change with whatever is the latest. */
const actions = {
  checkout: 'actions/checkout@v4',
  node: 'actions/setup-node@v4',
  upload: 'actions/upload-artifact@v4',
  download: 'actions/download-artifact@v4',
}

interface WorkflowOptions {
  /** `runs-on`. */
  readonly runner: string
  /** Steps that bring the package, e.g. `npm ci && npm run build`. */
  readonly install: string
  /** How it is called there. */
  readonly program: readonly string[]
}

/** `${{ ... }}`, which GitHub fills in. */
const expression = (text: string): string => `$${`{{ ${text} }}`}`
const matrixShard = expression('matrix.shard')
/** A shard that failed in part is merged with what it has. */
const notCancelled = expression('!cancelled()')

const words = (parts: readonly string[]): string => parts.map(shellWord).join(' ')

const prepare = ({ install }: WorkflowOptions) => [
  { uses: actions.checkout },
  { uses: actions.node, with: { 'node-version': 20 } },
  { run: install },
]

/** The workflow, as a value. */
export function githubWorkflow(start: Start, needs: readonly ShardNeeds[], options: WorkflowOptions): object {
  const numbers = needs.map(({ index }) => index)
  const minutes = bringMinutes + needs.reduce((most, each) => Math.max(most, Math.ceil(limitSeconds(each) / 60)), 0)
  const { folder, shards } = start
  const program = words(options.program)
  return {
    name: `rank-bench ${start.name}`,
    on: { workflow_dispatch: {} },
    permissions: { contents: 'read' },
    jobs: {
      shard: {
        name: `shard ${matrixShard}/${shards}`,
        'runs-on': options.runner,
        'timeout-minutes': Math.min(mostMinutes, minutes),
        strategy: { 'fail-fast': false, matrix: { shard: numbers } },
        steps: [
          ...prepare(options),
          { run: `${words(start.command)} --shard ${matrixShard}/${shards}` },
          {
            if: notCancelled,
            uses: actions.upload,
            with: { name: `shard-${matrixShard}`, path: `${folder}/`, 'if-no-files-found': 'error' },
          },
        ],
      },
      merge: {
        needs: 'shard',
        if: notCancelled,
        'runs-on': options.runner,
        'timeout-minutes': 30,
        steps: [
          ...prepare(options),
          { uses: actions.download, with: { path: folder, pattern: 'shard-*', 'merge-multiple': true } },
          { run: `${program} merge ${shellWord(folder)} --out ${shellWord(`${folder}/merged`)}` },
          {
            if: notCancelled,
            run: `${program} report ${shellWord(`${folder}/merged`)} --format markdown >> "$GITHUB_STEP_SUMMARY"`,
          },
          {
            if: notCancelled,
            uses: actions.upload,
            with: { name: 'merged', path: `${folder}/merged/` },
          },
        ],
      },
    },
  }
}
