/** The part of jstat that is used; the package ships no types. */
declare module 'jstat' {
  const jstat: {
    studentt: { inv(probability: number, degreesOfFreedom: number): number }
    normal: {
      inv(probability: number, mean: number, deviation: number): number
      cdf(value: number, mean: number, deviation: number): number
    }
    /** Regularised incomplete beta function. */
    ibeta(x: number, a: number, b: number): number
    tukey: { inv(probability: number, groups: number, degreesOfFreedom: number): number }
  }
  export default jstat
}
