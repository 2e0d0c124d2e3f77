/** Options that somebody typed, as words that can be typed again somewhere else. */

import { resolve } from 'node:path'
import type { Command } from 'commander'

/** Options of which a value is a place on this machine. */
const places: readonly string[] = ['data', 'python', 'peer', 'costs', 'plugin']

/**
 * Options as they were typed, of those that are named: what was left open is decided where a shard runs.
 * @param absolute whether places are those of a file system that is shared
 */
export function typedWords(command: Command, names: readonly string[], absolute: boolean): string[] {
  return names.flatMap((name) => {
    if (command.getOptionValueSource(name) !== 'cli') return []
    const long = command.options.find((option) => option.attributeName() === name)!.long!
    const value: unknown = command.getOptionValue(name)
    // Selectors and places are repeated, numbers and names are listed.
    const repeated = ['method', 'dataset', 'experiment', 'peer', 'plugin'].includes(name)
    const texts = Array.isArray(value) && repeated ? value.map(String) : [String(value)]
    const isFile = (text: string) => absolute && places.includes(name) && (text.includes('/') || name !== 'python')
    return texts.flatMap((text) => [long, isFile(text) ? resolve(text) : text])
  })
}

/** How cells are visited, whatever they are. */
export const visitNames: readonly string[] = ['data', 'python', 'peer', 'costs', 'jobs', 'timeout', 'memory']

/** What is measured. */
export const selectionNames: readonly string[] = [
  ...['config', 'method', 'dataset', 'experiment', 'precision', 'seeds', 'folds'],
  ...['profile', 'seed', 'plugin'],
]
