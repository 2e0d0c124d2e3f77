/** A list of weight 0 counts nothing, whatever its loss. */
export const weigh = (weight: number, loss: number): number => (weight === 0 ? 0 : weight * loss)
