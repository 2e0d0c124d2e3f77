/** An adapter to start from: the example that ships, under another name. */

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { usageError } from '../../core/errors.ts'
import { isPeer } from '../../core/system.ts'
import { writeWhole } from '../../files/write.ts'
import { shippedPages } from './pages.ts'

const example = fileURLToPath(new URL('../../../examples/peer_torch.py', import.meta.url))

/**
 * @returns the file that was written, `<name>.py` in the current folder
 * @throws RankBenchError(usage) for a name that is taken or cannot name a peer, and for a file that is there
 */
export function writePeer(name: string): string {
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    throw usageError(`"${name}" cannot name a peer; expected small letters, digits and hyphens, a letter first`)
  if (shippedPages.has(name) || !isPeer(name))
    throw usageError(`"${name}" is another system's name`, 'rank-bench peers list')
  const path = `${name}.py`
  if (existsSync(path)) throw usageError(`${path} is already there`, 'choose another name, or remove it')
  const text = readFileSync(example, 'utf8')
  writeWhole(path, text.replaceAll('examples/peer_torch.py', path).replaceAll('my-peer', name))
  return path
}
