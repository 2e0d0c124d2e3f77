/** The neutral row model: what every format is rendered from. */

import type { Column, Value } from '../core/report.ts'

export type { Bounds, Column, ReportTable, Value } from '../core/report.ts'

export const left = (title: string): Column => ({ title, align: 'left' })
export const right = (title: string): Column => ({ title, align: 'right' })
export const text = (value: string): Value => ({ text: value, data: value })
export const blank: Value = { text: '', data: null }
/** Where there is no number to show. */
export const dash: Value = { text: '–', data: null }

/** What a program reads of a value. */
export const dataOf = (value: Value): number | string | null => (value.data === undefined ? value.text : value.data)
