/** The neutral row model: what every format is rendered from. */

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** Bounds of a value in its own unit; `level` where they are bounds of confidence, e.g. 0.95. */
export interface Bounds {
  readonly low: number
  readonly high: number
  readonly level?: number
}

/** What a person reads, and what a program reads. */
export interface Value {
  readonly text: string
  /** The number in full, in `unit`, or the text; null where there is none. Absent: the text itself. */
  readonly data?: number | string | null
  readonly unit?: 'ns' | 'bytes' | '1' | 'x'
  readonly interval?: Bounds
  /** How many values it is a mean or median of. */
  readonly n?: number
  /** A mark of the table's own beside the number, e.g. `*`; the table says what it means. */
  readonly mark?: string
}

export interface ReportTable {
  readonly id: string
  readonly title: string
  /** What is compared, where, with how many threads. */
  readonly about: readonly string[]
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Value[])[]
  /** Warnings and reasons, below the table. */
  readonly notes: readonly string[]
}

export const left = (title: string): Column => ({ title, align: 'left' })
export const right = (title: string): Column => ({ title, align: 'right' })
export const text = (value: string): Value => ({ text: value, data: value })
export const blank: Value = { text: '', data: null }

/** What a program reads of a value. */
export const dataOf = (value: Value): number | string | null => (value.data === undefined ? value.text : value.data)
