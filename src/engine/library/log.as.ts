/**
 * log(1 + t) for 0 <= t <= 1: with f = t, or (t - 1) / 2 and ln 2 beside it when 1 + t is above sqrt 2, as
 * 2 artanh(f / (2 + f)), a series in odd powers. Relative error 3e-16.
 */

const ln2: f64 = 0.6931471805599453

/** 2 artanh(z) / z as a series in z2 = z^2. */
@inline
function series(z2: v128): v128 {
  let p = f64x2.splat(0.08695652173913043)
  p = f64x2.add(f64x2.splat(0.09523809523809523), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.10526315789473684), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.11764705882352941), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.13333333333333333), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.15384615384615385), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.18181818181818182), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.2222222222222222), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.2857142857142857), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.4), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(0.6666666666666666), f64x2.mul(z2, p))
  p = f64x2.add(f64x2.splat(2), f64x2.mul(z2, p))
  return p
}

/** The same to 1e-10, for results that end in f32. */
@inline
function shortSeries(z2: v128): v128 {
  const z4 = f64x2.mul(z2, z2)
  const low = f64x2.add(f64x2.splat(2), f64x2.mul(z2, f64x2.splat(0.6666666666666666)))
  const mid = f64x2.add(f64x2.splat(0.4), f64x2.mul(z2, f64x2.splat(0.2857142857142857)))
  const high = f64x2.add(f64x2.splat(0.2222222222222222), f64x2.mul(z2, f64x2.splat(0.18181818181818182)))
  return f64x2.add(low, f64x2.mul(z4, f64x2.add(mid, f64x2.mul(z4, high))))
}

/** T = f32: to 1e-10. */
@inline
export function log1p64x2<T>(t: v128): v128 {
  const big = f64x2.gt(t, f64x2.splat(0.41421356237309503))
  const halved = f64x2.mul(f64x2.sub(t, f64x2.splat(1)), f64x2.splat(0.5))
  const f = v128.bitselect(halved, t, big)
  const z = f64x2.div(f, f64x2.add(f64x2.splat(2), f))
  const z2 = f64x2.mul(z, z)
  const p = sizeof<T>() == 4 ? shortSeries(z2) : series(z2)
  return f64x2.add(f64x2.mul(z, p), v128.and(big, f64x2.splat(ln2)))
}

/**
 * log(x) for normal x >= 1: its exponent, and the logarithm of what is left. To 3e-16 absolute, or relative where x is 2 or more; to
 * 1e-10 where results end in f32.
 */
@inline
export function log64x2<T>(x: v128): v128 {
  const mantissa = v128.or(v128.and(x, i64x2.splat(0x000fffffffffffff)), i64x2.splat(0x3ff0000000000000))
  const exponents = i64x2.sub(i64x2.shr_u(x, 52), i64x2.splat(1023))
  const k = f64x2.convert_low_i32x4_s(v128.shuffle<i32>(exponents, exponents, 0, 2, 0, 2))
  const rest = log1p64x2<T>(f64x2.sub(mantissa, f64x2.splat(1)))
  return f64x2.add(f64x2.mul(k, f64x2.splat(ln2)), rest)
}
