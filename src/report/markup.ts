/** Text inside HTML and SVG. */

import { printable } from '../core/printable.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** As element text or a quoted attribute value: nothing of it is read as markup, and control characters are spelled out. */
export const escaped = (text: string): string => printable(text).replace(/[&<>"']/g, (each) => entities[each])
