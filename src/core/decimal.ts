/** Numbers as people write them, read one way wherever they are typed. */

const written = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i

/**
 * `5`, `-0.5`, `1e-3`. Nothing for other ways that a language reads (`0x10`, `Infinity`, blanks), for what is beyond the range of f64,
 * and for what is so small that it would be 0.
 */
export function decimal(text: string): number | undefined {
  const word = text.trim()
  if (!written.test(word)) return undefined
  const value = Number(word)
  const vanished = value === 0 && /[1-9]/.test(word.split(/e/i)[0])
  return Number.isFinite(value) && !vanished ? value : undefined
}
