/**
 * What a plug-in consists of: its own file and every local file that it imports, and those import in turn. Packages are
 * left out: their version stands in the lock file of whoever installed them. A file that is read rather than imported is not
 * seen.
 */

import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Literal specifiers of `import`, `export ... from`, `import()`, `require()`, and of `new URL(..., import.meta.url)`. */
const specifierPattern =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*|\bnew\s+URL\s*\(\s*)(['"`])((?:\.{1,2}\/|\/|file:)[^'"`]*)\1/g

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

function localImports(path: string, text: string): string[] {
  const specifiers = [...text.matchAll(specifierPattern)].map(([, , specifier]) => specifier)
  const paths = specifiers.map((each) =>
    each.startsWith('file:') ? fileURLToPath(each) : resolve(dirname(path), each.replace(/[?#].*$/, '')),
  )
  // `require` leaves the ending out.
  return paths.flatMap((each) => [each, `${each}.js`, `${each}.cjs`, `${each}.json`].find(isFile) ?? [])
}

/** Absolute paths of the module at `path` and of all it imports locally, with their bytes. @throws when `path` cannot be read */
function collect(path: string, found = new Map<string, Buffer>()): Map<string, Buffer> {
  const bytes = readFileSync(path)
  found.set(path, bytes)
  for (const next of localImports(path, bytes.toString('utf8'))) if (!found.has(next)) collect(next, found)
  return found
}

/**
 * SHA-256 of a plug-in, the same wherever its folder stands.
 * @throws the error of the file system when `path` cannot be read
 */
export function digestOfModule(path: string): string {
  const files = [...collect(path)].sort(([a], [b]) => (a < b ? -1 : 1))
  const hash = createHash('sha256')
  // One file alone counts by its bytes only, as it always did: its cells keep their keys.
  if (files.length === 1) return hash.update(files[0][1]).digest('hex')
  for (const [file, bytes] of files) hash.update(`${relative(dirname(path), file)}\0${bytes.length}\0`).update(bytes)
  return hash.digest('hex')
}
