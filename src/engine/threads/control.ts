/** Words that the caller and its workers share, in one Int32Array. Both sides import this file. */

import { mostThreads } from '../../core/method.ts'

/** Goes up by one with every job; workers sleep on it. */
export const epoch = 0
/** Workers that have not finished the current job; the caller sleeps on it. */
export const pending = 1
/** 1 once a kernel of the current job has trapped in a worker. */
export const failed = 2
/** Index of the kernel in the sorted list of export names. */
export const kernel = 3
/** Address of the task. */
export const task = 4
/** 1 once a worker can take jobs; one word a worker. */
export const ready = 5
export const mostWorkers = mostThreads - 1
/**
 * What each worker is to do: first row, end row, scratch address, and the epoch of the job it is counted in. A worker that becomes
 * ready while a job is handed out is not counted, finds an older epoch here and leaves the job alone.
 */
export const shares = ready + mostWorkers
export const wordsAShare = 4
export const words = shares + wordsAShare * mostWorkers

/** Polls before sleeping: jobs that follow each other closely find workers awake. About 50 microseconds. */
export const polls = 4000

/** What a worker is started with. */
export interface WorkerData {
  readonly module: WebAssembly.Module
  readonly memory: WebAssembly.Memory
  readonly control: Int32Array
  readonly index: number
}

export const kernelNames = (module: WebAssembly.Module): readonly string[] =>
  WebAssembly.Module.exports(module)
    .map(({ name }) => name)
    .sort()
