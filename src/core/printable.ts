/** Text from files and arguments as it may be shown: what would steer a terminal is spelled out. */

/** C0 and C1 controls, delete, line separators, marks that turn the direction of writing, and bytes that are no text. */
const steering = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Cs}]/gu

function spelled(character: string): string {
  const code = character.codePointAt(0)!
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`
}

/** One line of text without control characters: an escape is `\x1b`, a line break `\x0a`, the byte 0xe9 alone `\xe9`. */
export const printable = (text: string): string => text.replace(steering, spelled)

/** The same for text of several lines. */
export const printableLines = (text: string): string =>
  text.replace(steering, (each) => (each === '\n' ? each : spelled(each)))

/** A word from a file in an error: at most 40 characters, without control characters. */
export const shown = (word: string): string => `"${printable(word.length > 40 ? `${word.slice(0, 40)}...` : word)}"`
