/**
 * exp by range reduction, x = k ln 2 + r with |r| <= ln 2 / 2, a polynomial in r, and k added to the exponent.
 * Relative error, measured against f64 libm: 2.3e-16. Arguments are clamped to where results are
 * normal numbers: denormals are slow, and nothing here tells 1e-308 from 0.
 */

export const log2e: f64 = 1.4426950408889634
const ln2Hi: f64 = 6.9314718036912381649e-1
const ln2Lo: f64 = 1.90821492927058770002e-10
/** 1.5 * 2^52: adding it rounds to an integer, which then stands in the low bits. */
const magic: f64 = 6755399441055744

@inline
export function exp(x: f64): f64 {
  const c = max<f64>(-708, min<f64>(709, x))
  const t = c * log2e + magic
  const k = t - magic
  const r = c - k * ln2Hi - k * ln2Lo
  const r2 = r * r
  const r4 = r2 * r2
  const p0 = 1 + r
  const p1 = 0.5 + r * 0.16666666666666666
  const p2 = 0.041666666666666664 + r * 0.008333333333333333
  const p3 = 0.001388888888888889 + r * 0.0001984126984126984
  const p4 = 2.48015873015873e-5 + r * 2.7557319223985893e-6
  const p5 = 2.755731922398589e-7 + r * 2.505210838544172e-8
  const p6 = 2.08767569878681e-9 + r * 1.6059043836821613e-10
  const low = p0 + r2 * p1
  const mid = p2 + r2 * p3
  const high = p4 + r2 * (p5 + r2 * p6)
  const p = low + r4 * (mid + r4 * high)
  return reinterpret<f64>(reinterpret<i64>(p) + (reinterpret<i64>(t) << 52))
}

@inline
export function exp64x2(x: v128): v128 {
  const c = f64x2.pmax(f64x2.pmin(f64x2.splat(709), x), f64x2.splat(-708))
  const t = f64x2.add(f64x2.mul(c, f64x2.splat(log2e)), f64x2.splat(magic))
  const k = f64x2.sub(t, f64x2.splat(magic))
  const r = f64x2.sub(f64x2.sub(c, f64x2.mul(k, f64x2.splat(ln2Hi))), f64x2.mul(k, f64x2.splat(ln2Lo)))
  const r2 = f64x2.mul(r, r)
  const r4 = f64x2.mul(r2, r2)
  const p0 = f64x2.add(f64x2.splat(1), r)
  const p1 = f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(0.16666666666666666)))
  const p2 = f64x2.add(f64x2.splat(0.041666666666666664), f64x2.mul(r, f64x2.splat(0.008333333333333333)))
  const p3 = f64x2.add(f64x2.splat(0.001388888888888889), f64x2.mul(r, f64x2.splat(0.0001984126984126984)))
  const p4 = f64x2.add(f64x2.splat(2.48015873015873e-5), f64x2.mul(r, f64x2.splat(2.7557319223985893e-6)))
  const p5 = f64x2.add(f64x2.splat(2.755731922398589e-7), f64x2.mul(r, f64x2.splat(2.505210838544172e-8)))
  const p6 = f64x2.add(f64x2.splat(2.08767569878681e-9), f64x2.mul(r, f64x2.splat(1.6059043836821613e-10)))
  const low = f64x2.add(p0, f64x2.mul(r2, p1))
  const mid = f64x2.add(p2, f64x2.mul(r2, p3))
  const high = f64x2.add(p4, f64x2.mul(r2, f64x2.add(p5, f64x2.mul(r2, p6))))
  const p = f64x2.add(low, f64x2.mul(r4, f64x2.add(mid, f64x2.mul(r4, high))))
  return i64x2.add(p, i64x2.shl(t, 52))
}

/** The same to 6e-9 relative, for results that end in f32. */
@inline
export function exp64x2Short(x: v128): v128 {
  const c = f64x2.pmax(f64x2.pmin(f64x2.splat(709), x), f64x2.splat(-708))
  const t = f64x2.add(f64x2.mul(c, f64x2.splat(log2e)), f64x2.splat(magic))
  const k = f64x2.sub(t, f64x2.splat(magic))
  const r = f64x2.sub(c, f64x2.mul(k, f64x2.splat(0.6931471805599453)))
  const r2 = f64x2.mul(r, r)
  const p0 = f64x2.add(f64x2.splat(1), r)
  const p1 = f64x2.add(f64x2.splat(0.5), f64x2.mul(r, f64x2.splat(0.16666666666666666)))
  const p2 = f64x2.add(f64x2.splat(0.041666666666666664), f64x2.mul(r, f64x2.splat(0.008333333333333333)))
  const p3 = f64x2.add(f64x2.splat(0.001388888888888889), f64x2.mul(r, f64x2.splat(0.0001984126984126984)))
  const p = f64x2.add(f64x2.add(p0, f64x2.mul(r2, p1)), f64x2.mul(f64x2.mul(r2, r2), f64x2.add(p2, f64x2.mul(r2, p3))))
  return i64x2.add(p, i64x2.shl(t, 52))
}

/** 2^x for x up to 0, to 2e-9 relative and 1 at 0: for results that end in f32. */
@inline
export function power2Short(x: v128): v128 {
  const c = f64x2.pmax(x, f64x2.splat(-1000))
  const t = f64x2.add(c, f64x2.splat(magic))
  const r = f64x2.sub(c, f64x2.sub(t, f64x2.splat(magic)))
  const r2 = f64x2.mul(r, r)
  const p0 = f64x2.add(f64x2.splat(1), f64x2.mul(r, f64x2.splat(0.6931472028550657)))
  const p1 = f64x2.add(f64x2.splat(0.24022647913628897), f64x2.mul(r, f64x2.splat(0.05550332471126025)))
  const p2 = f64x2.add(f64x2.splat(0.00961843735767054), f64x2.mul(r, f64x2.splat(0.0013398874414042895)))
  const high = f64x2.add(p2, f64x2.mul(r2, f64x2.splat(0.0001535336190876431)))
  const p = f64x2.add(p0, f64x2.mul(r2, f64x2.add(p1, f64x2.mul(r2, high))))
  return i64x2.add(p, i64x2.shl(t, 52))
}
