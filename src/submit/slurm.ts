/** Shards as a job array of Slurm: a script for those that time something, which get a machine of their own, and one for the rest. */

import { shellWord } from '../core/shell-word.ts'
import { limitSeconds, type ShardNeeds } from './needs.ts'

/** What every shard of a submission is started with. */
export interface Start {
  /** Name of the config. */
  readonly name: string
  readonly shards: number
  /** Folder of the shards, on a file system that all machines share. */
  readonly folder: string
  /** The command with everything but its shard. */
  readonly command: readonly string[]
}

/** `1-3,5`. */
function ranges(numbers: readonly number[]): string {
  const sorted = [...numbers].sort((a, b) => a - b)
  const parts: [number, number][] = []
  for (const each of sorted) {
    const last = parts.at(-1)
    if (last && each === last[1] + 1) last[1] = each
    else parts.push([each, each])
  }
  return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join()
}

const two = (value: number): string => String(value).padStart(2, '0')

/** `1-02:30:00`: days, hours, minutes, seconds. */
const timeText = (seconds: number): string => {
  const [days, rest] = [Math.floor(seconds / 86_400), seconds % 86_400]
  return `${days}-${two(Math.floor(rest / 3600))}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`
}

const most = (needs: readonly ShardNeeds[], of: (each: ShardNeeds) => number): number =>
  needs.reduce((so, each) => Math.max(so, of(each)), 0)

export interface Script {
  /** Of its file. */
  readonly name: string
  readonly text: string
}

/** As sbatch reads a line of a script: a blank ends a word unless it is quoted. */
const optionText = (option: string): string => {
  const [name, ...value] = option.split('=')
  return /[\s#]/.test(option) ? `${name}="${value.join('=').replaceAll('"', '\\"')}"` : option
}

function scriptFor(start: Start, needs: readonly ShardNeeds[], extra: readonly string[]): Script {
  const [{ timed }] = needs
  const kind = timed ? 'timed' : 'untimed'
  const cpus = most(needs, (each) => each.cpus)
  const options = [
    `--job-name=rank-bench-${start.name}`,
    `--array=${ranges(needs.map(({ index }) => index))}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${cpus}`,
    `--mem=${most(needs, (each) => each.memoryGiB)}G`,
    `--time=${timeText(most(needs, limitSeconds))}`,
    // Nothing else may run beside what is timed.
    ...(timed ? ['--exclusive'] : []),
    // After preemption, or the loss of a machine, the journal of the shard goes on.
    '--requeue',
    '--open-mode=append',
    `--output=${start.folder}/logs/%A_%a.log`,
    ...extra,
  ]
  const text = [
    '#!/bin/bash',
    `# ${start.name} in ${start.shards} shards; these ${needs.length} ${timed ? 'time something and get machines of their own' : 'time nothing'}.`,
    ...options.map((option) => `#SBATCH ${optionText(option)}`),
    '',
    `exec srun --ntasks=1 --cpus-per-task=${cpus} --cpu-bind=cores \\`,
    `  ${start.command.map(shellWord).join(' ')} \\`,
    `  --shard "$SLURM_ARRAY_TASK_ID/${start.shards}"`,
    '',
  ]
  return { name: `${kind}.sbatch`, text: text.join('\n') }
}

/**
 * @param needs of the shards that are submitted
 * @param extra options of sbatch, e.g. `--partition=short`
 */
export function slurmScripts(start: Start, needs: readonly ShardNeeds[], extra: readonly string[]): Script[] {
  const parts = [needs.filter(({ timed }) => timed), needs.filter(({ timed }) => !timed)]
  return parts.filter((part) => part.length > 0).map((part) => scriptFor(start, part, extra))
}
