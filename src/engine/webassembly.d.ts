/** The part of the WebAssembly API that the engine uses; TypeScript has it only together with the whole browser. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: ArrayBufferView)
    static exports(module: Module): { name: string; kind: string }[]
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean })
    /** A new object after every growth; older ones stay valid where it is shared, and are empty where it is not. */
    readonly buffer: ArrayBufferLike
    grow(pages: number): number
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Record<string, unknown>
  }
}
