/** A session with a Python peer: what it is, what it computes, how fast it is. One long-lived process. */

import { fileURLToPath } from 'node:url'
import type { BenchmarkScript, ScriptPass } from '../../core/benchmark-script.ts'
import { RankBenchError } from '../../core/errors.ts'
import { type Operator, outputLength } from '../../core/operators.ts'
import type { Params } from '../../core/params.ts'
import type { FloatArray, Precision } from '../../core/shape.ts'
import { type PeerProcess, startPeerProcess } from './peer-process.ts'
import type { Frame } from './protocol.ts'

export interface PeerOperation {
  /** Of rows of one length, or a loss, the mean over lists of any lengths. */
  readonly operator: Operator
  readonly method: string
  readonly params: Params
  readonly precision: Precision
  readonly batch: number
  /** Items of a row; of losses, of the longest. */
  readonly n: number
  /** Items of every list of a loss. */
  readonly lengths?: readonly number[]
  /** Answer with the values as they are afterwards too. */
  readonly inspect?: boolean
  /** Answer with the output alone: of a peer whose gradient raises where its function does not. */
  readonly only?: 'forward'
}

interface PeerInfo {
  readonly name: string
  /** Versions of the packages that the adapter needs, and of Python. */
  readonly versions: Readonly<Record<string, string>>
  /** What it can be timed on. */
  readonly passes: readonly PeerMetric[]
  /** Threads it says it uses. */
  readonly threads: number
  readonly openmp: Readonly<Record<string, string>>
  /** What its arithmetic says of how it runs in parallel. */
  readonly parallel: string
}

interface PeerProtocol {
  readonly samples: number
  /** A sample is a batch of calls that lasts at least this long. */
  readonly minBatchNs: number
  /** Samples are cut to what fits, but never below 3. Without it every sample is taken. */
  readonly budgetMs?: number
}

export type PeerMetric = 'forward' | 'backward' | 'both'

/** What a peer says of how it computes an operation. */
export interface PeerRemarks {
  /** How it is called. */
  readonly call: string
  /** Conventions that are translated. */
  readonly notes: readonly string[]
  /** `f32` where parts of it are rounded so, whatever the input. */
  readonly rounding: string
  /** Defects that are known of it here. */
  readonly known: readonly string[]
  /** What the call took, of a first one with all that it compiles. */
  readonly ns: number
}

export interface PeerAnswer {
  readonly output: FloatArray
  /** Absent of floors that have none. */
  readonly gradient: FloatArray | undefined
  /** The values as the peer left them, where that was asked for and can be told. */
  readonly after: FloatArray | undefined
  readonly remarks: PeerRemarks
}

interface PeerTimes {
  readonly samples: readonly number[]
  /** The most memory of its process that was resident meanwhile, where the system tells. */
  readonly peakBytes: number | undefined
}

export interface PeerSession {
  readonly info: PeerInfo
  /** One forward and its gradient; arrays of all items, row by row, in the operation's precision. */
  evaluate(
    operation: PeerOperation,
    values: FloatArray,
    cotangent: FloatArray,
    labels?: FloatArray,
  ): Promise<PeerAnswer>
  /** The derivative of the output along a direction. @throws RankBenchError(peer) where the peer has no forward mode */
  push(operation: PeerOperation, values: FloatArray, direction: FloatArray, labels?: FloatArray): Promise<FloatArray>
  /** ns a call, one sample a batch of calls, in the order taken. Calls rotate over `inputs`. */
  time(
    operation: PeerOperation,
    metric: PeerMetric,
    protocol: PeerProtocol,
    inputs: readonly FloatArray[],
    cotangent: FloatArray,
    labels?: FloatArray,
  ): Promise<PeerTimes>
  /** What a published benchmark script prints of its passes, ns. */
  published(
    operation: PeerOperation,
    script: BenchmarkScript,
    inputs: readonly FloatArray[],
    cotangent: FloatArray,
  ): Promise<ReadonlyMap<ScriptPass, number>>
  close(): Promise<void>
}

export interface PeerOptions {
  readonly python: string
  /** The file that says what the peer is and how it computes. */
  readonly adapter: string
  /** PyTorch, OpenMP and MKL threads. */
  readonly threads: number
  /** Limit of each request. */
  readonly timeoutMs: number
  /** Limit of the start, which imports PyTorch. */
  readonly startTimeoutMs?: number
  /** The script to run; worker.py beside this module unless told. */
  readonly worker?: string
}

const workerPath = fileURLToPath(new URL('./worker.py', import.meta.url))
/** A cold import of PyTorch from a slow disk takes tens of seconds. */
const defaultStartTimeoutMs = 120_000

const mismatch = (message: string): RankBenchError => new RankBenchError('peer', message)

/** Waiting threads that spin would take the cores that the other side is measured on. */
export const peerEnv = (threads: number): NodeJS.ProcessEnv => ({
  ...process.env,
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
  OMP_WAIT_POLICY: 'passive',
})

function readInfo({ header }: Frame): PeerInfo {
  const { name, versions, passes, threads, openmp, parallel } = header as unknown as PeerInfo
  const isSaid = typeof name === 'string' && typeof parallel === 'string' && typeof threads === 'number'
  if (!isSaid || typeof versions !== 'object' || typeof openmp !== 'object' || !Array.isArray(passes)) {
    throw mismatch('the peer did not say which versions it runs')
  }
  return { name, versions, passes, threads, openmp, parallel }
}

const itemsOf = ({ batch, n, lengths }: PeerOperation): number =>
  lengths ? lengths.reduce((sum, length) => sum + length, 0) : batch * n

const outputsOf = ({ operator, batch, n }: PeerOperation): number =>
  operator === 'loss' ? 1 : batch * outputLength(operator, n)

function requireNumbers(array: FloatArray, expected: number, precision: Precision, what: string): void {
  const given = array instanceof Float32Array ? 'f32' : 'f64'
  if (given === precision && array.length === expected) return
  throw mismatch(`${what}: ${array.length} numbers in ${given}; the operation takes ${expected} in ${precision}`)
}

function readArray(block: Uint8Array<ArrayBuffer> | undefined, count: number, precision: Precision): FloatArray {
  const expected = count * (precision === 'f32' ? 4 : 8)
  if (block?.byteLength !== expected) throw mismatch(`the peer answered ${block?.byteLength ?? 0} bytes of ${expected}`)
  return precision === 'f32' ? new Float32Array(block.buffer) : new Float64Array(block.buffer)
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

function readRemarks({ header }: Frame): PeerRemarks {
  const { call = '', notes, rounding = '', known, ns } = header
  return { call: String(call), notes: texts(notes), rounding: String(rounding), known: texts(known), ns: Number(ns) }
}

function readTimes({ header }: Frame): PeerTimes {
  const { samples, peakBytes } = header
  if (!Array.isArray(samples) || samples.length === 0 || !samples.every((ns) => Number.isFinite(ns) && ns > 0)) {
    throw mismatch(`the peer answered times that are not positive numbers: ${JSON.stringify(samples)?.slice(0, 80)}`)
  }
  return { samples, peakBytes: typeof peakBytes === 'number' ? peakBytes : undefined }
}

/** @throws RankBenchError(peer) where a pass of the script has no time */
function readMeans({ header }: Frame, { passes }: BenchmarkScript): ReadonlyMap<ScriptPass, number> {
  const means = (header.means ?? {}) as Readonly<Record<string, unknown>>
  return new Map(
    passes.map((pass) => {
      const ns = means[pass]
      if (typeof ns === 'number' && Number.isFinite(ns) && ns > 0) return [pass, ns]
      throw mismatch(`the peer answered no time of "${pass}": ${JSON.stringify(means).slice(0, 80)}`)
    }),
  )
}

async function greet(peer: PeerProcess, options: PeerOptions): Promise<PeerInfo> {
  const limitMs = options.startTimeoutMs ?? defaultStartTimeoutMs
  try {
    return readInfo(await peer.request({ request: 'hello', threads: options.threads }, [], limitMs))
  } catch (error) {
    await peer.close()
    const reason = error instanceof Error ? error.message : String(error)
    throw new RankBenchError('peer', `no peer session with ${options.python}: ${reason}`, {
      hint: 'rank-bench peers list',
      cause: error,
    })
  }
}

/** @throws RankBenchError(peer) for an input that is not one of the operation */
function requireInputs(operation: PeerOperation, inputs: readonly FloatArray[], cotangent: FloatArray): void {
  const { precision } = operation
  for (const [k, input] of inputs.entries()) requireNumbers(input, itemsOf(operation), precision, `input ${k}`)
  requireNumbers(cotangent, outputsOf(operation), precision, 'cotangent')
  if (inputs.length === 0) throw mismatch('no input to time; expected at least one')
}

/** Starts a peer and learns its versions. @throws RankBenchError(peer) when it cannot start or lacks what it needs. */
export async function openPeer(options: PeerOptions): Promise<PeerSession> {
  const { python, adapter, threads, timeoutMs, worker = workerPath } = options
  const peer = startPeerProcess({ command: python, args: [worker, adapter], env: peerEnv(threads) })
  const info = await greet(peer, options)
  return {
    info,
    async evaluate(operation, values, cotangent, labels) {
      const { precision } = operation
      requireNumbers(values, itemsOf(operation), precision, 'values')
      requireNumbers(cotangent, outputsOf(operation), precision, 'cotangent')
      const given = [values, cotangent, ...(labels ? [labels] : [])]
      const frame = await peer.request({ request: 'evaluate', operation }, given, timeoutMs)
      const [output, gradient, after] = frame.blocks
      return {
        output: readArray(output, outputsOf(operation), precision),
        gradient: frame.blocks.length === 1 ? undefined : readArray(gradient, itemsOf(operation), precision),
        after: after && readArray(after, itemsOf(operation), precision),
        remarks: readRemarks(frame),
      }
    },
    async push(operation, values, direction, labels) {
      const { precision } = operation
      requireNumbers(values, itemsOf(operation), precision, 'values')
      requireNumbers(direction, itemsOf(operation), precision, 'direction')
      const given = [values, direction, ...(labels ? [labels] : [])]
      const { blocks } = await peer.request({ request: 'push', operation }, given, timeoutMs)
      return readArray(blocks[0], outputsOf(operation), precision)
    },
    async time(operation, metric, protocol, inputs, cotangent, labels) {
      requireInputs(operation, inputs, cotangent)
      const header = { request: 'time', operation, metric, protocol, inputs: inputs.length }
      return readTimes(await peer.request(header, [...inputs, cotangent, ...(labels ? [labels] : [])], timeoutMs))
    },
    async published(operation, script, inputs, cotangent) {
      requireInputs(operation, inputs, cotangent)
      const header = { request: 'published', operation, script, inputs: inputs.length }
      return readMeans(await peer.request(header, [...inputs, cotangent], timeoutMs), script)
    },
    close: () => peer.close(),
  }
}
