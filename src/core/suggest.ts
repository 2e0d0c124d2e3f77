/** The nearest known names to a mistyped one. */

import { editDistance } from './edit-distance.ts'

/** Names within a third of the word's length of `word`, nearest first, at most three. */
export function suggest(word: string, names: Iterable<string>): string[] {
  const limit = Math.max(1, Math.ceil(word.length / 3))
  return [...new Set(names)]
    .map((name) => ({ name, distance: name.endsWith(`:${word}`) ? 0 : editDistance(word, name) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((candidate) => candidate.name)
}

/** `did you mean a or b?`, or the command that lists all names. */
export function didYouMean(word: string, names: Iterable<string>, listCommand: string): string {
  const near = suggest(word, names)
  const all = `all names: ${listCommand}`
  return near.length > 0 ? `did you mean ${near.join(' or ')}?   ${all}` : all
}
