/** What the readers of archives hand on: members, one after another. */

export interface Member {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** Contents of a file; to be read, or left, before the next member is asked for. */
  contents(): AsyncIterable<Uint8Array>
}

export type Members = AsyncIterable<Member>
