/** Colours of verdicts on a terminal: the words that judge, and nothing else. */

const green = 32
const yellow = 33
const red = 31

const tones: readonly (readonly [RegExp, number])[] = [
  [/^(reproduced|exact|holds|improved|equivalent|exceeds|higher)\b/, green],
  [/^(close|inconclusive|kink|lower|disagrees|skipped|incomplete)\b/, yellow],
  [/^(differs|broken|failed|timeout|regressed)\b/, red],
]

/** The text in the colour of the verdict it begins with. */
export function toned(text: string): string {
  const tone = tones.find(([word]) => word.test(text))
  return tone ? `\u001b[${tone[1]}m${text}\u001b[39m` : text
}
