/** What package.json says of this package. */

import { readFileSync } from 'node:fs'

interface PackageFile {
  readonly version: string
  /** Where faults are reported, as npm reads it: an address, or an object that holds one. */
  readonly bugs?: string | { readonly url?: string; readonly email?: string }
}

const file: PackageFile = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

export const version: string = file.version

/** Undefined where the package names none: its owner fills the fields when there is an address. */
export function bugsAddress({ bugs }: Pick<PackageFile, 'bugs'> = file): string | undefined {
  const address = typeof bugs === 'string' ? bugs : bugs?.url || bugs?.email
  return address || undefined
}
