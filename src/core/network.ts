/** A network of convolutions whose passes somebody else computes. Parameters and their optimiser stay here. */

export interface NetworkShape {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Of each convolution of 5 x 5, which ReLU and a pooling by 2 follow. */
  readonly filters: readonly number[]
  /** Units of the hidden layer. */
  readonly hidden: number
  /** Numbers that come out for a picture. */
  readonly outputs: number
}

/** Passes of a network; both throw RankBenchError(peer) where whoever computes ended or answered something else. */
export interface ComputedNetwork {
  /**
   * Outputs of `rows` pictures.
   * @param parameters flat, as `train/network.ts` lays them out
   * @param keeps what `backward` needs
   */
  forward(parameters: Float64Array, inputs: Float32Array, rows: number, outputs: Float64Array, keeps: boolean): void
  /** Adds to `gradient` that of the parameters, given that of the outputs of the last `forward` that kept. */
  backward(outputGradient: ArrayLike<number>, gradient: Float64Array): void
}

export type OpenNetwork = (shape: NetworkShape) => ComputedNetwork
