/** The struct that a kernel reads (assembly/task.ts), written by the host. Offsets are bytes. */

const pointers = [
  'offsets',
  'x',
  'y',
  'yBar',
  'xBar',
  'labels',
  'weights',
  'order',
  'state',
  'table',
  'outputs',
  'choices',
  'facts',
] as const
export type Pointer = (typeof pointers)[number]

const reuseAt = 4 * pointers.length
const integersAt = reuseAt + 4
const numbersAt = integersAt + 4 * 4
export const taskBytes = numbersAt + 8 * 8

export interface TaskFields {
  readonly pointers: Partial<Readonly<Record<Pointer, number>>>
  readonly reuseOrder: boolean
  /** i0, i1, ... */
  readonly integers: readonly number[]
  /** p0, p1, ... */
  readonly numbers: readonly number[]
}

export function writeTask(buffer: ArrayBufferLike, address: number, fields: TaskFields): void {
  const view = new DataView(buffer, address, taskBytes)
  for (const [i, name] of pointers.entries()) view.setUint32(4 * i, fields.pointers[name] ?? 0, true)
  view.setInt32(reuseAt, fields.reuseOrder ? 1 : 0, true)
  for (const [i, value] of fields.integers.entries()) view.setInt32(integersAt + 4 * i, value, true)
  for (const [i, value] of fields.numbers.entries()) view.setFloat64(numbersAt + 8 * i, value, true)
}
