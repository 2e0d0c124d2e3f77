/** Where a long cell keeps what it has come to, so that a process that was killed is not all of it. */

export interface Keeper {
  /** The last state that was saved; undefined where there is none. */
  load(): Uint8Array | undefined
  /** Replaces it, whole or not at all. */
  save(state: Uint8Array): void
}
