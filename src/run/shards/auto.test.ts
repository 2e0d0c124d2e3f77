import { describe, expect, test } from 'vitest'
import { autoShard } from './auto.ts'

const slurm = (id: number, min: number, max: number, count: number, step = 1) => ({
  SLURM_ARRAY_TASK_ID: String(id),
  SLURM_ARRAY_TASK_MIN: String(min),
  SLURM_ARRAY_TASK_MAX: String(max),
  SLURM_ARRAY_TASK_COUNT: String(count),
  SLURM_ARRAY_TASK_STEP: String(step),
})

describe('--shard auto', () => {
  test.each([
    ['Slurm, numbered from 1', slurm(2, 1, 8, 8), '2/8'],
    ['Slurm, numbered from 0', slurm(0, 0, 7, 8), '1/8'],
    ['Slurm, in steps', slurm(5, 1, 7, 4, 2), '3/4'],
    ['Slurm, some submitted again, with the number of all', { ...slurm(5, 5, 5, 1), RANK_BENCH_SHARDS: '8' }, '5/8'],
    [
      'Slurm before it told the last number',
      { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '4' },
      '3/4',
    ],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '0', RANK_BENCH_SHARDS: '4' }, '1/4'],
    ['AWS Batch', { AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, '10/10'],
    ['Grid Engine', { SGE_TASK_ID: '4', SGE_TASK_FIRST: '2', SGE_TASK_LAST: '8', SGE_TASK_STEPSIZE: '2' }, '2/4'],
    ['GitLab', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '3' }, '3/3'],
    ['GitLab, in one job', { CI_NODE_TOTAL: '1', RANK_BENCH_SHARD: '2/5' }, '2/5'],
    ['CircleCI', { CIRCLE_NODE_INDEX: '1', CIRCLE_NODE_TOTAL: '4' }, '2/4'],
    ['Buildkite', { BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '2' }, '1/2'],
    ['who says it outright', { ...slurm(2, 1, 8, 8), RANK_BENCH_SHARD: '3/4' }, '3/4'],
    ['two that agree', { ...slurm(2, 1, 8, 8), CI_NODE_INDEX: '2', CI_NODE_TOTAL: '8' }, '2/8'],
  ])('%s', (_who, variables, expected) => {
    const { shard } = autoShard(variables)
    expect(`${shard.index}/${shard.count}`).toBe(expected)
  })
  test.each([
    ['nobody', {}, /no scheduler says which part this is; looked for RANK_BENCH_SHARD and SLURM_ARRAY_TASK_ID/],
    [
      'a task without the number of tasks',
      { JOB_COMPLETION_INDEX: '0' },
      /Kubernetes gives JOB_COMPLETION_INDEX and no RANK_BENCH_SHARDS/,
    ],
    [
      'an array with gaps, as of tasks that are submitted again',
      slurm(2, 2, 5, 2),
      /has 2 tasks numbered 2 to 5; expected a whole range/,
    ],
    [
      'a number beyond the last',
      { CI_NODE_INDEX: '4', CI_NODE_TOTAL: '3' },
      /by CI_NODE_INDEX=4 and CI_NODE_TOTAL=3 this is "4\/3"; expected i\/n/,
    ],
    [
      'a number that is none',
      { CI_NODE_INDEX: 'x', CI_NODE_TOTAL: '3' },
      /CI_NODE_INDEX is "x"; expected a whole number/,
    ],
    ['RANK_BENCH_SHARD that is no part', { RANK_BENCH_SHARD: '0/3' }, /RANK_BENCH_SHARD is "0\/3"; expected i\/n/],
    [
      'two that do not agree',
      { ...slurm(2, 1, 8, 8), CI_NODE_INDEX: '1', CI_NODE_TOTAL: '2' },
      /SLURM_ARRAY_TASK_ID says 2\/8, CI_NODE_INDEX says 1\/2/,
    ],
  ])('%s is an error that says what was read', (_who, variables, message) => {
    expect(() => autoShard(variables)).toThrow(message)
  })
})
