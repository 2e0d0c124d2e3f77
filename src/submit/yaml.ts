/** Plain values as YAML: maps and lists in block style, texts as JSON writes them, which YAML reads alike. */

const isPlain = (text: string): boolean =>
  /^[A-Za-z_][\w ./@-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text) && !text.endsWith(' ')

const scalar = (value: unknown): string =>
  typeof value === 'string' && isPlain(value) ? value : (JSON.stringify(value) ?? 'null')

const keyText = (key: string): string => (isPlain(key) || key === 'on' ? key : JSON.stringify(key))

const isLeaf = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || (Array.isArray(value) ? value : Object.keys(value)).length === 0

/** Several lines as they are. */
const block = (text: string, indent: string): string =>
  `|\n${text
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}  ${line}`)
    .join('\n')}`

/** Text of several lines without anything that would have to be escaped. */
const isBlock = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\S/.test(value) &&
  /[^\n]\n$/.test(value) &&
  [...value].every((character) => character === '\n' || character >= ' ')

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each) => {
      if (isLeaf(each)) return [`${indent}- ${scalar(each)}`]
      const [first, ...rest] = lines(each, `${indent}  `)
      return [`${indent}- ${first.trimStart()}`, ...rest]
    })
  }
  return Object.entries(value as object).flatMap(([key, each]) => {
    if (each === undefined) return []
    if (isBlock(each)) return [`${indent}${keyText(key)}: ${block(each, indent)}`]
    if (isLeaf(each)) return [`${indent}${keyText(key)}: ${scalar(each)}`]
    return [`${indent}${keyText(key)}:`, ...lines(each, `${indent}  `)]
  })
}

/** Documents, one after another. */
export const yaml = (documents: readonly object[]): string =>
  documents.map((each) => `${lines(each, '').join('\n')}\n`).join('---\n')
