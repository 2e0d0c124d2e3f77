/** Colours of verdicts: the words that judge, and nothing else. */

type Tone = 'good' | 'warn' | 'bad'

const ansi: Readonly<Record<Tone, number>> = { good: 32, warn: 33, bad: 31 }

const tones: readonly (readonly [RegExp, Tone])[] = [
  [/^(reproduced|exact|holds|improved|equivalent|exceeds|higher)\b/, 'good'],
  [/^(close|inconclusive|kink|lower|disagrees|skipped|incomplete)\b/, 'warn'],
  [/^(differs|broken|failed|timeout|regressed)\b/, 'bad'],
]

/** The tone of the verdict that a text begins with. */
export const toneOf = (text: string): Tone | undefined => tones.find(([word]) => word.test(text))?.[1]

/** The text in the colour of that verdict, for a terminal. */
export function toned(text: string): string {
  const tone = toneOf(text)
  return tone ? `\u001b[${ansi[tone]}m${text}\u001b[39m` : text
}
