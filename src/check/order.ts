/** Item indices by ascending value, first come first: for laws, where a sort of the product would check itself. */
export const indicesByValue = (values: ArrayLike<number>): number[] =>
  Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b)
