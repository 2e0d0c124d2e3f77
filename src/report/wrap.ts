/** Breaking text into lines where a reader would: after spaces, commas and the marks between the parts of a selector. */

const afterBreak = /(?<=[\s,|[/+])/

/** Characters that take two cells of a terminal. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uff01-\uff60]/gu

/** Cells of a terminal that a text takes. */
export const displayWidth = (text: string): number => text.length + (text.match(wide)?.length ?? 0)

/** Characters a line needs at least: those of the longest piece that is not broken. */
export const narrowest = (text: string): number =>
  text.split(afterBreak).reduce((most, piece) => Math.max(most, displayWidth(piece.trimEnd())), 0)

/** Lines of at most `width` characters; a piece that is longer stands alone on its line, whole. */
export function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const piece of text.split(afterBreak)) {
    const line = lines[lines.length - 1]
    if (line !== '' && displayWidth((line + piece).trimEnd()) > width) lines.push(piece)
    else lines[lines.length - 1] = line + piece
  }
  return lines.map((line) => line.trimEnd())
}
