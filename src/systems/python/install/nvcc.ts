/**
 * Hides the CUDA compiler. torchsort's build compiles its CUDA extension whenever a program named `nvcc` can be started,
 * and fails with a CPU build of PyTorch. A folder that holds nvcc may hold needed tools as well (/usr/local/bin), so it
 * is not dropped from PATH but replaced by a shadow: symbolic links to everything in it but nvcc.
 */

import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'

export interface Shadow {
  readonly of: string
  readonly at: string
}

const hidden: readonly string[] = ['nvcc', 'nvcc.exe']

/** The folders of a PATH that hold nvcc, each once. */
export function nvccFolders(path: string): string[] {
  const folders = path.split(delimiter).filter(Boolean)
  return [...new Set(folders.filter((folder) => hidden.some((name) => existsSync(join(folder, name)))))]
}

/** One shadow a folder, numbered below `root`. */
export const shadowsFor = (folders: readonly string[], root: string): Shadow[] =>
  folders.map((of, index) => ({ of, at: join(root, String(index)) }))

/** The same PATH with every shadowed folder replaced, in place, so the order of lookup is kept. */
export function shadowedPath(path: string, shadows: readonly Shadow[]): string {
  const replacement = new Map(shadows.map((shadow) => [shadow.of, shadow.at]))
  return path
    .split(delimiter)
    .map((folder) => replacement.get(folder) ?? folder)
    .join(delimiter)
}

/** Makes the folder of links anew. */
export function makeShadow({ of, at }: Shadow): void {
  rmSync(at, { recursive: true, force: true })
  mkdirSync(at, { recursive: true })
  for (const name of readdirSync(of)) {
    if (!hidden.includes(name)) symlinkSync(resolve(of, name), join(at, name))
  }
}
