/** rank-bench submit: a plan in shards for Slurm, Kubernetes or GitHub Actions, and how far they are. */

import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { mostJobs } from '../../config/options.ts'
import { dataError, usageError } from '../../core/errors.ts'
import { shellWord } from '../../core/shell-word.ts'
import { version } from '../../measure/version.ts'
import { loadPlugins } from '../../registry.ts'
import { spokenSeconds } from '../../run/estimate.ts'
import { dealtText } from '../../run/shards/place.ts'
import { shardsTable } from '../../run/shards/table.ts'
import { writeAtomically } from '../../store/run.ts'
import { configPath, readSubmission, writeSubmission } from '../../store/submission.ts'
import { githubWorkflow } from '../../submit/github.ts'
import { configFolder, kubernetesManifest } from '../../submit/kubernetes.ts'
import { type Script, slurmScripts } from '../../submit/slurm.ts'
import { secondsLeft, shardStatus, unfinished } from '../../submit/status.ts'
import { countsText, statusTable } from '../../submit/table.ts'
import { yaml } from '../../submit/yaml.ts'
import { word, words } from '../arguments.ts'
import { commandLine } from '../command-line.ts'
import { estimatesHere } from '../estimates.ts'
import { examples } from '../examples.ts'
import { exitCode, type Finish } from '../exit.ts'
import { addVisitOptions, type MeasuringFlags } from '../measuring-options.ts'
import { countUpTo } from '../numbers.ts'
import { print, printTo, tell } from '../output.ts'
import { onScreen } from '../screen.ts'
import { planSubmission } from '../submitting.ts'
import { selectionNames, typedWords, visitNames } from '../typed-words.ts'
import { addSelection, resolveConfig, type SelectionFlags } from './run.ts'

interface SubmitFlags extends MeasuringFlags, SelectionFlags {
  shards?: number
  call?: string
}

type Planned = Awaited<ReturnType<typeof planSubmission>>

const mostTasks = 10_000

async function plannedFor(flags: SubmitFlags) {
  await loadPlugins(flags.plugin ?? [])
  const config = resolveConfig(flags)
  return { config, ...(await planSubmission(config, flags)) }
}

function showShards({ planned, shards, count }: Planned, flags: SubmitFlags): void {
  const estimate = estimatesHere(planned, flags)
  const rows = shards.parts.map((cells) => ({ cells, estimate: estimate(cells) }))
  const { dealt } = shards.facts(1)
  print(onScreen([shardsTable(rows, planned.protocol, 0, dealtText(dealt))]))
  tell(`${count} shards; nothing was submitted`)
}

/** How rank-bench is called where the shards run. */
const callOf = ({ call }: SubmitFlags, usual: readonly string[]): string[] =>
  call === undefined ? [...usual] : call.trim().split(/\s+/)

const published = ['npx', '--yes', `rank-bench@${version}`]

interface SlurmFlags extends SubmitFlags {
  out: string
  sbatch?: string[]
}

/** The number of the job, or undefined where there is no Slurm. @throws RankBenchError(data) with what sbatch says */
function sbatch(script: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync('sbatch', ['--parsable', script], { encoding: 'utf8' })
  if (error) return undefined
  if (status !== 0)
    throw dataError(`sbatch ${script}: ${stderr.trim() || `exit ${status}`}`, 'sinfo shows partitions and limits')
  return stdout.trim().split(';')[0]
}

function submitScripts(folder: string, scripts: readonly Script[]): number {
  const paths = scripts.map(({ name, text }) => {
    writeAtomically(join(folder, name), text)
    return join(folder, name)
  })
  for (const path of paths) {
    const job = sbatch(path)
    if (job === undefined) {
      tell(
        `there is no sbatch here; on a machine that has it:\n${paths.map((each) => `  sbatch ${shellWord(each)}`).join('\n')}`,
      )
      print(`submit: ${scripts.length} scripts written, nothing was submitted — exit ${exitCode.good} (${folder})`)
      return exitCode.good
    }
    tell(`submitted ${path} as job ${job}`)
  }
  print(`submit: ${scripts.length} job arrays — exit ${exitCode.good} (rank-bench submit status ${shellWord(folder)})`)
  return exitCode.good
}

async function slurm(flags: SlurmFlags, command: Command): Promise<number> {
  const folder = resolve(flags.out)
  const submitted = await plannedFor(flags)
  const { config, count, shards, needs } = submitted
  const open = unfinished(needs.map(({ index }) => shardStatus(folder, index, count)))
  const start = {
    name: config.name,
    shards: count,
    folder,
    command: [
      ...callOf(flags, [process.execPath, resolve(process.argv[1])]),
      ...['run', '-c', configPath(folder), '--out', folder],
      ...typedWords(command, visitNames, true),
      '--no-progress',
    ],
  }
  const scripts = slurmScripts(
    start,
    needs.filter(({ index }) => open.includes(index)),
    flags.sbatch ?? [],
  )
  if (flags.dryRun) {
    for (const { text } of scripts) print(text)
    showShards(submitted, flags)
    return exitCode.good
  }
  writeSubmission(
    folder,
    {
      format: 1,
      name: config.name,
      shards: count,
      plan: shards.facts(1).plan,
      jobs: flags.jobs,
      seconds: needs.map(({ seconds }) => seconds),
      command: commandLine(),
    },
    config,
  )
  if (scripts.length > 0) return submitScripts(folder, scripts)
  print(
    `submit: every shard is done or running — exit ${exitCode.good} (rank-bench submit status ${shellWord(folder)})`,
  )
  return exitCode.good
}

interface TextFlags extends SubmitFlags {
  output?: string
}

/** A manifest or a workflow: printed, or written to a file. */
function give(text: string, submitted: Planned, flags: TextFlags, next: string): number {
  printTo(flags.dryRun ? undefined : flags.output, text)
  if (flags.dryRun) showShards(submitted, flags)
  else if (flags.output !== undefined) tell(`written to ${flags.output}; next: ${next}`)
  return exitCode.good
}

interface KubernetesFlags extends TextFlags {
  image: string
  claim: string
  mount: string
}

async function kubernetes(flags: KubernetesFlags, command: Command): Promise<number> {
  const submitted = await plannedFor(flags)
  const { config, count, needs } = submitted
  if (config.plugins && flags.call === undefined)
    throw usageError(
      'plug-ins are files of this machine, and pods have files of their own',
      'build an image that has them, and say how rank-bench is called there: --call "rank-bench"',
    )
  const folder = `${flags.mount}/${config.name}`
  const start = {
    name: config.name,
    shards: count,
    folder,
    command: [
      ...callOf(flags, published),
      ...['run', '-c', `${configFolder}/config.json`, '--out', folder],
      ...typedWords(command, visitNames, false),
      '--no-progress',
    ],
  }
  const { image, claim, mount } = flags
  return give(
    yaml(kubernetesManifest(start, needs, { image, claim, mount, config })),
    submitted,
    flags,
    `kubectl apply -f ${flags.output}`,
  )
}

interface GithubFlags extends TextFlags {
  runner: string
  install: string
}

async function github(flags: GithubFlags, command: Command): Promise<number> {
  const submitted = await plannedFor(flags)
  const { config, count, needs } = submitted
  const program = callOf(flags, ['npx', 'rank-bench'])
  const folder = 'rank-bench-shards'
  const start = {
    name: config.name,
    shards: count,
    folder,
    command: [
      ...program,
      'run',
      ...typedWords(command, [...selectionNames, ...visitNames], false),
      ...['--out', folder, '--no-progress'],
    ],
  }
  const { runner, install } = flags
  return give(
    yaml([githubWorkflow(start, needs, { runner, install, program })]),
    submitted,
    flags,
    'commit it, and start it under Actions',
  )
}

function status(folder: string): number {
  const submission = readSubmission(folder)
  const { shards: count, seconds, command } = submission
  const shards = seconds.map((_, i) => shardStatus(folder, i + 1, count))
  const left = shards.map((shard, i) => secondsLeft(shard, seconds[i]))
  const texts = left.map((each) => (each === 0 ? '' : spokenSeconds(each)))
  print(onScreen([statusTable(folder, shards, texts)]))
  const [longest, all] = [
    left.reduce((most, each) => Math.max(most, each), 0),
    left.reduce((sum, each) => sum + each, 0),
  ]
  const done = shards.every(({ state }) => state === 'done')
  const code = done ? exitCode.good : exitCode.incomplete
  if (done) tell(`next: rank-bench merge ${shellWord(folder)} --out ${shellWord(join(folder, 'merged'))}`)
  else if (shards.some(({ state }) => state === 'stalled' || state === 'stopped' || state === 'failed'))
    tell(`to go on with shards that ended: ${command}`)
  const time = done ? '' : `; left: ${spokenSeconds(longest)} of the longest, ${spokenSeconds(all)} in all`
  print(`status: ${count} shards: ${countsText(shards)}${time} — exit ${code} (${folder})`)
  return code
}

const addSubmission = (command: Command, call: string): Command =>
  addVisitOptions(addSelection(command))
    .option('--shards <n>', 'how many (default: as many as take about an hour each)', countUpTo(mostTasks))
    .option('--costs <run>', 'balance shards, and ask for time, by what the cells of this run took', word)
    .option('--jobs <n>', 'untimed cells of a shard at a time', countUpTo(mostJobs), 2)
    .option('--call <command>', `how rank-bench is called there (default: ${call})`, word)

function addSlurm(submit: Command, finish: Finish): void {
  const command = submit.command('slurm').description('a job array; again, it submits the shards that are not done')
  addSubmission(command, 'this one, by its path')
    .requiredOption('--out <folder>', 'folder of the shards, on a file system that all machines share', word)
    .option('--sbatch <option>', "one more option of sbatch, e.g. '--partition=short'; repeatable", words)
    .option('--dry-run', 'print the scripts and the shards, and stop')
    .addHelpText(
      'after',
      examples(
        'rank-bench submit slurm -c standard --shards 16 --out /shared/standard --dry-run',
        "rank-bench submit slurm -c standard --out /shared/standard --sbatch '--partition=short'",
      ),
    )
    .action(async (flags: SlurmFlags) => finish(await slurm(flags, command)))
}

function addKubernetes(submit: Command, finish: Finish): void {
  const command = submit.command('kubernetes').description('the manifest of an Indexed Job, a pod a shard')
  addSubmission(command, 'npx --yes rank-bench@<this version>')
    .requiredOption('--claim <name>', 'PersistentVolumeClaim that all pods can write to (ReadWriteMany)', word)
    .option('--mount <folder>', 'where pods find it', word, '/runs')
    .option('--image <name>', 'image of the pods, with Node 20 or later', word, 'node:20')
    .option('-o, --output <file>', 'write there instead of standard output', word)
    .option('--dry-run', 'print the manifest and the shards, write nothing')
    .addHelpText(
      'after',
      examples(
        'rank-bench submit kubernetes -c standard --shards 16 --claim shared -o job.yaml && kubectl apply -f job.yaml',
      ),
    )
    .action(async (flags: KubernetesFlags) => finish(await kubernetes(flags, command)))
}

function addGithub(submit: Command, finish: Finish): void {
  const command = submit
    .command('github')
    .description('a workflow of GitHub Actions: a matrix of shards, and a job that merges them')
  addSubmission(command, 'npx rank-bench')
    .option('--runner <label>', 'runs-on of its jobs; times of hosted runners stay apart', word, 'ubuntu-latest')
    .option('--install <command>', 'the step that brings the package', word, 'npm ci')
    .option('-o, --output <file>', 'write there instead of standard output', word)
    .option('--dry-run', 'print the workflow and the shards, write nothing')
    .addHelpText('after', examples('rank-bench submit github -c quick --shards 4 -o .github/workflows/rank-bench.yml'))
    .action(async (flags: GithubFlags) => finish(await github(flags, command)))
}

export function addSubmit(program: Command, finish: Finish): void {
  const submit = program
    .command('submit')
    .description('a plan in shards for Slurm, Kubernetes or GitHub Actions, and how far they are')
  addSlurm(submit, finish)
  addKubernetes(submit, finish)
  addGithub(submit, finish)
  submit
    .command('status')
    .description(
      'shards that wait, run, stalled, are done, and the time left; read from the folder alone (exit 3 until all are done)',
    )
    .argument('<folder>', 'what submit slurm was given as --out', word)
    .addHelpText('after', examples('rank-bench submit status /shared/standard'))
    .action((folder: string) => finish(status(folder)))
}
