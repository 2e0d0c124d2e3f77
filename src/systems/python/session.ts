/** A session with a Python peer: what it is, what it computes, how fast it is. One long-lived process. */

import { fileURLToPath } from 'node:url'
import { RankBenchError } from '../../core/errors.ts'
import type { Params } from '../../core/params.ts'
import type { FloatArray, Precision } from '../../core/shape.ts'
import { type PeerProcess, startPeerProcess } from './peer-process.ts'
import type { Frame } from './protocol.ts'

export interface PeerOperation {
  /** Ascending sort or rank of rows of one length, or a loss, the mean over lists of any lengths. */
  readonly operator: 'sort' | 'rank' | 'loss'
  readonly method: string
  readonly params: Params
  readonly precision: Precision
  readonly batch: number
  /** Items of a row; of losses, of the longest. */
  readonly n: number
  /** Items of every list of a loss. */
  readonly lengths?: readonly number[]
}

interface PeerInfo {
  readonly name: string
  /** Versions of the packages that the adapter needs, and of Python. */
  readonly versions: Readonly<Record<string, string>>
  /** Defects that are known of it, shown where it disagrees. */
  readonly known: readonly string[]
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

export interface PeerSession {
  readonly info: PeerInfo
  /** One forward and its gradient; arrays of all items, row by row, in the operation's precision. */
  evaluate(
    operation: PeerOperation,
    values: FloatArray,
    cotangent: FloatArray,
    labels?: FloatArray,
  ): Promise<{ output: FloatArray; gradient: FloatArray }>
  /** ns a call, one sample a batch of calls, in the order taken. Calls rotate over `inputs`. */
  time(
    operation: PeerOperation,
    metric: PeerMetric,
    protocol: PeerProtocol,
    inputs: readonly FloatArray[],
    cotangent: FloatArray,
    labels?: FloatArray,
  ): Promise<readonly number[]>
  close(): Promise<void>
}

interface PeerOptions {
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
const peerEnv = (threads: number): NodeJS.ProcessEnv => ({
  ...process.env,
  OMP_NUM_THREADS: String(threads),
  MKL_NUM_THREADS: String(threads),
  OMP_WAIT_POLICY: 'passive',
})

function readInfo({ header }: Frame): PeerInfo {
  const { name, versions, known, threads, openmp, parallel } = header as unknown as PeerInfo
  const isSaid = typeof name === 'string' && typeof parallel === 'string' && typeof threads === 'number'
  if (!isSaid || typeof versions !== 'object' || typeof openmp !== 'object' || !Array.isArray(known)) {
    throw mismatch('the peer did not say which versions it runs')
  }
  return { name, versions, known, threads, openmp, parallel }
}

const itemsOf = ({ batch, n, lengths }: PeerOperation): number =>
  lengths ? lengths.reduce((sum, length) => sum + length, 0) : batch * n

const outputsOf = (operation: PeerOperation): number => (operation.operator === 'loss' ? 1 : itemsOf(operation))

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

function readSamples({ header }: Frame): readonly number[] {
  const samples = header.samples
  if (!Array.isArray(samples) || samples.length === 0 || !samples.every((ns) => Number.isFinite(ns) && ns > 0)) {
    throw mismatch(`the peer answered times that are not positive numbers: ${JSON.stringify(samples)?.slice(0, 80)}`)
  }
  return samples
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
      const { blocks } = await peer.request({ request: 'evaluate', operation }, given, timeoutMs)
      return {
        output: readArray(blocks[0], outputsOf(operation), precision),
        gradient: readArray(blocks[1], itemsOf(operation), precision),
      }
    },
    async time(operation, metric, protocol, inputs, cotangent, labels) {
      const { precision } = operation
      for (const [k, input] of inputs.entries()) requireNumbers(input, itemsOf(operation), precision, `input ${k}`)
      requireNumbers(cotangent, outputsOf(operation), precision, 'cotangent')
      if (inputs.length === 0) throw mismatch('no input to time; expected at least one')
      const header = { request: 'time', operation, metric, protocol, inputs: inputs.length }
      return readSamples(await peer.request(header, [...inputs, cotangent, ...(labels ? [labels] : [])], timeoutMs))
    },
    close: () => peer.close(),
  }
}
