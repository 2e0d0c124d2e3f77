/** The Python peer of a run: found while planning, because its versions are part of the cells' keys. */

import { findPeer } from './install/detect.ts'

export interface PeerChoice {
  readonly python?: string
  /** `torchsort 0.1.10, torch 2.13.0, Python 3.11.7`; absent when there is no peer. */
  readonly versions?: string
  /** Why there is no peer, with the command that installs one. */
  readonly missing?: string
}

export async function choosePeer(python: string | undefined): Promise<PeerChoice> {
  const found = await findPeer(python === undefined ? {} : { python })
  if (found.status === 'missing') return { missing: `install it with: ${found.hint}` }
  const { torchsort, torch, pythonVersion } = found
  return { python: found.python, versions: `torchsort ${torchsort}, torch ${torch}, Python ${pythonVersion}` }
}
