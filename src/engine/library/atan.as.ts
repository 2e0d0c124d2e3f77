/** atan on [0, 1], two lanes: a rational function below 0.66 (Cephes, Moshier), and pi / 4 + atan((t - 1) / (t + 1)) above. */

@inline
export function atan64x2(t: v128): v128 {
  const big = f64x2.gt(t, f64x2.splat(0.66))
  const one = f64x2.splat(1)
  const x = v128.bitselect(f64x2.div(f64x2.sub(t, one), f64x2.add(t, one)), t, big)
  const z = f64x2.mul(x, x)
  let p = f64x2.splat(-0.8750608600031904)
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(-16.157537187333652))
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(-75.00855792314705))
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(-122.88666844901361))
  p = f64x2.add(f64x2.mul(p, z), f64x2.splat(-64.85021904942025))
  let q = f64x2.add(z, f64x2.splat(24.858464901423062))
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(165.02700983169885))
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(432.88106049129027))
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(485.3903996359137))
  q = f64x2.add(f64x2.mul(q, z), f64x2.splat(194.5506571482614))
  const r = f64x2.add(x, f64x2.mul(f64x2.mul(x, z), f64x2.div(p, q)))
  // pi / 4 in two parts: the second holds what the first rounds off.
  return v128.bitselect(
    f64x2.add(f64x2.add(r, f64x2.splat(3.061616997868383e-17)), f64x2.splat(0.7853981633974483)),
    r,
    big,
  )
}
