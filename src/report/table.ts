/** The neutral row model: what every format is rendered from. */

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
}

/** What a person reads, and the number or text a program reads. */
export interface Value {
  readonly text: string
  readonly data?: number | string | null
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
