/** Data sets that are a few files: what their publisher ships, and what a right copy holds. Plain data. */

export interface FileEntry {
  /** Without packing: `iris.csv`. */
  readonly name: string
  /** What is in it, for a person: `150 rows, 4 features, 3 labels`. */
  readonly holds: string
  /** SHA-256 of the unpacked bytes; of a text as if its line ends were LF. */
  readonly sha256: string
}

/** A data set of files in a folder below the data root. */
export interface FilesEntry {
  readonly name: string
  readonly title: string
  readonly folder: string
  readonly licence: string
  readonly citation: string
  readonly home: string
  readonly obtain: string
  /** Texts have one digest whatever their line ends are. */
  readonly content: 'text' | 'bytes'
  readonly files: readonly FileEntry[]
  /** A data set of this kind that is on every machine. */
  readonly without: string
}
