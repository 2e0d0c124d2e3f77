/** Where rank-bench keeps the Python environments it made itself: the user's cache folder, outside any repository. */

import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  readonly home: string
}

export const thisMachine = (): Machine => ({ env: process.env, platform: process.platform, home: homedir() })

/** $XDG_CACHE_HOME where set (a relative one is void, as its specification says), else the system's own place. */
function cacheFolder({ env, platform, home }: Machine): string {
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME
  if (platform === 'darwin') return join(home, 'Library', 'Caches')
  if (platform === 'win32') return env.LOCALAPPDATA ?? join(home, 'AppData', 'Local')
  return join(home, '.cache')
}

/** The folder that holds everything `rank-bench peers install` makes. */
export const peersFolder = (machine: Machine = thisMachine()): string =>
  join(cacheFolder(machine), 'rank-bench', 'peers')

/** The environment of a group of peers. */
export const managedVenv = (group: string, machine: Machine = thisMachine()): string =>
  join(peersFolder(machine), group)

/** Where earlier versions put PyTorch and torchsort. */
export const earlierVenv = (machine: Machine = thisMachine()): string => join(peersFolder(machine), 'venv')

/** The interpreter of a virtual environment. */
export const venvPython = (venv: string, platform: NodeJS.Platform = process.platform): string =>
  platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
