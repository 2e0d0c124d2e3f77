/** What a picture says, without where it stands: its words in order, and how many marks of each kind it has. */

import type { Figure } from '../../src/core/report.ts'

const plain = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')

/** Texts, titles and descriptions, in the order in which they stand. */
function wordsOf(svg: string): string[] {
  const texts = [...svg.matchAll(/<(text|title|desc)\b[^>]*>([\s\S]*?)<\/\1>/g)]
  return texts.map(([, kind, inside]) => `${kind}: ${plain(inside.replaceAll(/<[^>]*>/g, ' ')).trim()}`)
}

/** Marks under what they are called for people who hear pictures. */
function groupsOf(svg: string): string[] {
  return [...svg.matchAll(/aria-label="([^"]*)"/g)].map(([, label]) => plain(label))
}

/** How many there are of each value, in the order in which values come first. */
function counts(values: readonly string[]): string[] {
  const found = new Map<string, number>()
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1)
  return [...found].map(([value, count]) => `${count} ${value}`)
}

const marks = /<(circle|line|path|rect|polygon|polyline|text)\b/g

export function pictureText({ name, title, svg }: Figure): string {
  return [
    `${name}: ${title}`,
    '',
    ...counts([...svg.matchAll(marks)].map(([, kind]) => kind)),
    ...counts(groupsOf(svg)).map((each) => `labelled: ${each}`),
    '',
    ...wordsOf(svg),
    '',
  ].join('\n')
}
