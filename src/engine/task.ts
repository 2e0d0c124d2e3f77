/** The struct that a kernel reads (library/task.as.ts and the kernels' own), written by the host. */

import { kernelTasks, slots, tasks } from './kernel-table.ts'

export type KernelName = keyof typeof kernelTasks

type Slot = keyof typeof slots

interface Field {
  readonly at: number
  readonly type: string
  readonly choices?: Readonly<Record<string, number>>
}

/** What a task is made of. */
export interface TaskLayout {
  readonly bytes: number
  /** Exports that answer bytes, '' where none are wanted: scratch of rows of up to n items, state of a row of n items. */
  readonly scratch: string
  readonly state: string
  readonly fields: Readonly<Record<string, Field>>
}

/** The task of a kernel, by the kernel's name without its precision. */
export function taskOf(kernel: string): TaskLayout {
  const name = kernelTasks[kernel as KernelName]
  if (!name) throw new Error(`the engine has no kernel called ${kernel}`)
  return tasks[name]
}

function write(view: DataView, { at, type }: Field, value: number): void {
  if (type === 'f64') view.setFloat64(at, value, true)
  else if (type === 'usize') view.setUint32(at, value, true)
  else view.setInt32(at, value, true)
}

/**
 * Writes a task: first its slots, then the fields of its kernel, by name; what is not given is 0.
 *
 * @param fields numbers, addresses, or the name of a choice
 */
export function writeTask(
  buffer: ArrayBufferLike,
  address: number,
  layout: TaskLayout,
  fields: Readonly<Record<string, number | string>>,
  given: Partial<Readonly<Record<Slot, number>>> = {},
): void {
  new Uint8Array(buffer, address, layout.bytes).fill(0)
  const view = new DataView(buffer, address, layout.bytes)
  for (const [name, value] of Object.entries(given)) write(view, slots[name as Slot], value)
  for (const [name, value] of Object.entries(fields)) {
    const field = layout.fields[name]
    const number = typeof value === 'string' ? field?.choices?.[value] : value
    if (!field || number === undefined) throw new Error(`the kernel has no field ${name} that takes ${value}`)
    write(view, field, number)
  }
}
