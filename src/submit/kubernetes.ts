/** Shards as an Indexed Job of Kubernetes: one pod a shard, the shared folder a volume claim, the config a ConfigMap. */

import { limitSeconds, type ShardNeeds } from './needs.ts'
import type { Start } from './slurm.ts'

interface PodOptions {
  readonly image: string
  /** A PersistentVolumeClaim that all pods can write to at once. */
  readonly claim: string
  /** Where it is mounted. */
  readonly mount: string
}

/** Where pods find the config. */
export const configFolder = '/etc/rank-bench'

/** Exit codes after which another try would end the same: usage, and cells that failed. */
const final = [2, 3]

/** A name that Kubernetes takes: RFC 1123, at most 52 characters, so that the names of pods fit. */
const nameOf = (name: string): string =>
  `rank-bench-${name}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 52)
    .replaceAll(/-+$/g, '')

const configMap = (name: string, config: unknown) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { 'config.json': `${JSON.stringify(config, null, 2)}\n` },
})

const most = (needs: readonly ShardNeeds[], of: (each: ShardNeeds) => number): number =>
  needs.reduce((so, each) => Math.max(so, of(each)), 0)

function podOf(name: string, { command, shards }: Start, needs: readonly ShardNeeds[], options: PodOptions) {
  const resources = {
    cpu: String(most(needs, ({ cpus }) => cpus)),
    memory: `${most(needs, ({ memoryGiB }) => memoryGiB)}Gi`,
  }
  const labels = { app: name }
  return {
    metadata: { labels },
    spec: {
      restartPolicy: 'Never',
      // Of one try; the next goes on from the journal.
      activeDeadlineSeconds: 2 * most(needs, limitSeconds),
      // Two pods of this job on one machine would disturb each other's times.
      ...(needs.some(({ timed }) => timed) && {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: labels }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      }),
      containers: [
        {
          name: 'shard',
          image: options.image,
          workingDir: options.mount,
          command: [...command, '--shard', 'auto'],
          env: [
            { name: 'RANK_BENCH_SHARDS', value: String(shards) },
            // Pods change, machines do not: times belong to machines.
            { name: 'RANK_BENCH_MACHINE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
          ],
          // Equal requests and limits: with the static CPU manager the cores are this pod's alone.
          resources: { requests: resources, limits: resources },
          volumeMounts: [
            { name: 'runs', mountPath: options.mount },
            { name: 'config', mountPath: configFolder, readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: 'runs', persistentVolumeClaim: { claimName: options.claim } },
        { name: 'config', configMap: { name } },
      ],
    },
  }
}

function jobOf(name: string, start: Start, needs: readonly ShardNeeds[], options: PodOptions) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { app: name } },
    spec: {
      completions: start.shards,
      parallelism: start.shards,
      completionMode: 'Indexed',
      // A shard that is ended goes on from its journal; one that cannot be measured does not end the others.
      backoffLimitPerIndex: 6,
      maxFailedIndexes: start.shards,
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailIndex', onExitCodes: { containerName: 'shard', operator: 'In', values: final } },
        ],
      },
      template: podOf(name, start, needs, options),
    },
  }
}

/** The manifest, as values: a ConfigMap and the Job. */
export function kubernetesManifest(
  start: Start,
  needs: readonly ShardNeeds[],
  { config, ...options }: PodOptions & { readonly config: unknown },
): readonly object[] {
  const name = nameOf(start.name)
  return [configMap(name, config), jobOf(name, start, needs, options)]
}
