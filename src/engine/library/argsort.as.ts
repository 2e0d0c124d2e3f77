/**
 * Stable argsort by radix: numbers become unsigned integers in the same order, with the position in the low half, so that
 * one 64-bit word travels a pass, every word is unique, and stability comes for free in both directions.
 *
 * f32: the 32 bits of the number. f64: its leading 32 bits; runs that agree in them are sorted again by the other 32.
 * Digits of 8 bits for short rows (clearing counters would cost more than passes), 11 bits for long ones.
 * -0 equals 0. NaN goes last in either direction.
 *
 * Rows of a few dozen items are not moved at all: the place of an item is the number of items before it, four comparisons an
 * instruction and no branch that could be guessed wrong.
 */

import { at, num, ptr, put } from './task.as'

/** Rows this short are sorted by counting, n^2 / 4 comparisons. */
const countingLength: i32 = 144
/** From this length on three passes of 11 bits beat four of 8. */
const wideLength: i32 = 2048
/** Runs of equal leading bits up to this length are sorted by insertion. */
const shortRun: i32 = 16

/** Bytes of scratch for rows of n items: two arrays of words, and the counters. */
export function argsortScratch(n: i32): usize {
  return usize(n) * 16 + 3 * 2048 * 4
}

/** Order-preserving bits: negative numbers have all bits flipped, others the sign bit. */
@inline
function ordered32(bits: u32): u32 {
  return bits ^ (u32(i32(bits) >> 31) | 0x80000000)
}

@inline
function ordered64(bits: u64): u64 {
  return bits ^ (u64(i64(bits) >> 63) | 0x8000000000000000)
}

/** All 64 (or 32, in the leading half) ordered bits of item i; the largest of all for NaN. */
@inline
function keyOf<T>(x: usize, i: i32, descending: bool): u64 {
  if (sizeof<T>() == 4) {
    const value = load<f32>(x + (usize(i) << 2)) + 0
    if (value != value) return 0xffffffff00000000
    const key = ordered32(reinterpret<u32>(value))
    return u64(descending ? ~key : key) << 32
  }
  const value = load<f64>(x + (usize(i) << 3)) + 0
  if (value != value) return 0xffffffffffffffff
  const key = ordered64(reinterpret<u64>(value))
  return descending ? ~key : key
}

function insertionSort(words: usize, n: i32): void {
  for (let i = 1; i < n; i++) {
    const word = at<u64>(words, i)
    let j = i - 1
    for (; j >= 0; j--) {
      const other = at<u64>(words, j)
      if (other < word) break
      put<u64>(words, j + 1, other)
    }
    put<u64>(words, j + 1, word)
  }
}

/** Whether `order` may be nearly right already; the entry of a kernel says so for its task. */
let tries: bool = false

export function tryOrder(reuse: bool): void {
  tries = reuse
}

/** Adds what four later keys say of the places of `mine`. */
@inline
function countLater(places: v128, mine: v128, others: usize): v128 {
  places = i32x4.sub(places, i32x4.gt_s(mine, v128.load_splat<i32>(others)))
  places = i32x4.sub(places, i32x4.gt_s(mine, v128.load_splat<i32>(others, 4)))
  places = i32x4.sub(places, i32x4.gt_s(mine, v128.load_splat<i32>(others, 8)))
  return i32x4.sub(places, i32x4.gt_s(mine, v128.load_splat<i32>(others, 12)))
}

/** Takes away those of four earlier keys that are larger. */
@inline
function countEarlier(places: v128, mine: v128, others: usize): v128 {
  places = i32x4.add(places, i32x4.gt_s(v128.load_splat<i32>(others), mine))
  places = i32x4.add(places, i32x4.gt_s(v128.load_splat<i32>(others, 4), mine))
  places = i32x4.add(places, i32x4.gt_s(v128.load_splat<i32>(others, 8), mine))
  return i32x4.add(places, i32x4.gt_s(v128.load_splat<i32>(others, 12), mine))
}

/**
 * Places of n keys, signed integers padded to a multiple of 4 by the largest: an item starts at its position, loses one for
 * each earlier key that is larger, and gains one for each later key that is smaller. Equals keep their order.
 */
function countPlaces(keys: usize, n: i32, places: usize): void {
  const padded = (n + 3) & ~3
  for (let i = 0; i < padded; i += 4) {
    const mine = v128.load(ptr<i32>(keys, i))
    let place = i32x4.add(i32x4.splat(i), i32x4(0, 1, 2, 3))
    for (let j = 0; j < i; j += 4) place = countEarlier(place, mine, ptr<i32>(keys, j))
    // Among the four: each of the other three, turned around; masks say who of the two is earlier.
    const one = v128.shuffle<i32>(mine, mine, 1, 2, 3, 0)
    const two = v128.shuffle<i32>(mine, mine, 2, 3, 0, 1)
    const three = v128.shuffle<i32>(mine, mine, 3, 0, 1, 2)
    place = i32x4.sub(place, v128.and(i32x4.gt_s(mine, one), i32x4(-1, -1, -1, 0)))
    place = i32x4.add(place, v128.and(i32x4.gt_s(one, mine), i32x4(0, 0, 0, -1)))
    place = i32x4.sub(place, v128.and(i32x4.gt_s(mine, two), i32x4(-1, -1, 0, 0)))
    place = i32x4.add(place, v128.and(i32x4.gt_s(two, mine), i32x4(0, 0, -1, -1)))
    place = i32x4.sub(place, v128.and(i32x4.gt_s(mine, three), i32x4(-1, 0, 0, 0)))
    place = i32x4.add(place, v128.and(i32x4.gt_s(three, mine), i32x4(0, -1, -1, -1)))
    for (let j = i + 4; j < padded; j += 4) place = countLater(place, mine, ptr<i32>(keys, j))
    v128.store(ptr<i32>(places, i), place)
  }
}

/** Sorts words by their leading 32 bits, stably, without moving them about. */
function countingSort(words: usize, other: usize, n: i32, keys: usize): void {
  const places = ptr<i32>(keys, countingLength)
  for (let i = 0; i < n; i++) put<i32>(keys, i, i32(u32(at<u64>(words, i) >> 32) ^ 0x80000000))
  for (let i = n; i & 3; i++) put<i32>(keys, i, i32.MAX_VALUE)
  countPlaces(keys, n, places)
  for (let i = 0; i < n; i++) put<u64>(other, at<i32>(places, i), at<u64>(words, i))
}

/** Places of n f32 numbers, n at most `countingLength`. Answers where they stand in `scratch`. */
function countNumbers(x: usize, n: i32, descending: bool, scratch: usize): usize {
  const keys = scratch
  const places = ptr<i32>(keys, countingLength)
  const turned = i32x4.splat(descending ? -1 : 0)
  let i = 0
  for (; i + 3 < n; i += 4) v128.store(ptr<i32>(keys, i), signedKeys(v128.load(ptr<f32>(x, i)), turned))
  for (; i < n; i++) put<i32>(keys, i, i32x4.extract_lane(signedKeys(v128.load_splat<i32>(ptr<f32>(x, i)), turned), 0))
  for (; i & 3; i++) put<i32>(keys, i, i32.MAX_VALUE)
  countPlaces(keys, n, places)
  return places
}

/** Signed integers in the order of four f32 numbers, in the opposite one when `turned` is all ones; NaN is the largest. */
@inline
function signedKeys(numbers: v128, turned: v128): v128 {
  const values = f32x4.add(numbers, f32x4.splat(0))
  const magnitudes = v128.and(i32x4.shr_s(values, 31), i32x4.splat(i32.MAX_VALUE))
  const keys = v128.xor(v128.xor(values, magnitudes), turned)
  return v128.bitselect(keys, i32x4.splat(i32.MAX_VALUE), f32x4.eq(values, values))
}

/** Moves an item that a nearly sorted row is allowed before it is sorted from scratch. */
const movesAnItem: i32 = 4

/**
 * Words in the order given, repaired by insertion. Answers false when that would take long, or when the order was none of these
 * items: then two words are the same. Distinct words are a permutation, sorted and stable, whatever was given.
 */
@inline
function repair<T>(x: usize, n: i32, descending: bool, order: usize, words: usize): bool {
  let moves = movesAnItem * n
  for (let i = 0; i < n; i++) {
    const position = at<u32>(order, i)
    if (position >= u32(n)) return false
    const word = (keyOf<T>(x, i32(position), descending) & 0xffffffff00000000) | u64(position)
    let j = i - 1
    for (; j >= 0 && at<u64>(words, j) > word; j--) put<u64>(words, j + 1, at<u64>(words, j))
    if (j >= 0 && at<u64>(words, j) == word) return false
    put<u64>(words, j + 1, word)
    moves -= i - 1 - j
    if (moves < 0) return false
  }
  return true
}

/** Counts to first places. Answers whether one digit holds all words: its pass would move nothing. */
function placesOf(counts: usize, digits: i32, n: i32): bool {
  let place: u32 = 0
  for (let d = 0; d < digits; d++) {
    const count = at<u32>(counts, d)
    if (count == u32(n)) return true
    put<u32>(counts, d, place)
    place += count
  }
  return false
}

@inline
function scatter(from: usize, to: usize, n: i32, counts: usize, shift: u64, mask: u64): void {
  for (let i = 0; i < n; i++) {
    const word = at<u64>(from, i)
    const slot = counts + (usize((word >> shift) & mask) << 2)
    const place = load<u32>(slot)
    store<u32>(slot, place + 1)
    put<u64>(to, i32(place), word)
  }
}

/** Sorts words by their leading 32 bits, stably. Answers where they are: in `words` or in `other`. */
function radixNarrow(words: usize, other: usize, n: i32, counts: usize): usize {
  memory.fill(counts, 0, 4 * 256 * 4)
  for (let i = 0; i < n; i++) {
    const key = u32(at<u64>(words, i) >> 32)
    const c0 = counts + ((key & 255) << 2)
    const c1 = counts + 1024 + (((key >> 8) & 255) << 2)
    const c2 = counts + 2048 + (((key >> 16) & 255) << 2)
    const c3 = counts + 3072 + ((key >> 24) << 2)
    store<u32>(c0, load<u32>(c0) + 1)
    store<u32>(c1, load<u32>(c1) + 1)
    store<u32>(c2, load<u32>(c2) + 1)
    store<u32>(c3, load<u32>(c3) + 1)
  }
  let from = words
  let to = other
  for (let digit = 0; digit < 4; digit++) {
    const table = counts + (digit << 10)
    if (placesOf(table, 256, n)) continue
    scatter(from, to, n, table, u64(32 + 8 * digit), 255)
    const held = from
    from = to
    to = held
  }
  return from
}

function radixWide(words: usize, other: usize, n: i32, counts: usize): usize {
  memory.fill(counts, 0, 3 * 2048 * 4)
  for (let i = 0; i < n; i++) {
    const key = u32(at<u64>(words, i) >> 32)
    const c0 = counts + ((key & 2047) << 2)
    const c1 = counts + 8192 + (((key >> 11) & 2047) << 2)
    const c2 = counts + 16384 + ((key >> 22) << 2)
    store<u32>(c0, load<u32>(c0) + 1)
    store<u32>(c1, load<u32>(c1) + 1)
    store<u32>(c2, load<u32>(c2) + 1)
  }
  let from = words
  let to = other
  for (let digit = 0; digit < 3; digit++) {
    const table = counts + (digit << 13)
    if (placesOf(table, digit == 2 ? 1024 : 2048, n)) continue
    scatter(from, to, n, table, u64(32 + 11 * digit), 2047)
    const held = from
    from = to
    to = held
  }
  return from
}

@inline
function sortWords(words: usize, other: usize, n: i32, counts: usize): usize {
  if (n <= countingLength) {
    countingSort(words, other, n, counts)
    return other
  }
  return n < wideLength ? radixNarrow(words, other, n, counts) : radixWide(words, other, n, counts)
}

/** Sorts positions [start, end) of `sorted`, which agree in the leading half, by the trailing half of their numbers. */
function sortRun<T>(
  x: usize,
  descending: bool,
  sorted: usize,
  start: i32,
  end: i32,
  spare: usize,
  counts: usize,
): void {
  const words = ptr<u64>(sorted, start)
  const n = end - start
  for (let i = 0; i < n; i++) {
    const position = u32(at<u64>(words, i))
    put<u64>(words, i, (keyOf<T>(x, i32(position), descending) << 32) | u64(position))
  }
  if (n <= shortRun) {
    insertionSort(words, n)
    return
  }
  const found = sortWords(words, ptr<u64>(spare, start), n, counts)
  if (found != words) memory.copy(words, found, usize(n) << 3)
}

/** Sorted words of the n numbers at x; the leading halves of f64 numbers are told apart by the rest. */
@inline
function sortedWords<T>(x: usize, n: i32, descending: bool, order: usize, scratch: usize): usize {
  const words = scratch
  const other = scratch + (usize(n) << 3)
  const counts = scratch + (usize(n) << 4)
  let sorted = words
  if (!tries || n <= countingLength || !repair<T>(x, n, descending, order, words)) {
    for (let i = 0; i < n; i++) {
      put<u64>(words, i, (keyOf<T>(x, i, descending) & 0xffffffff00000000) | u64(i))
    }
    sorted = sortWords(words, other, n, counts)
  }
  if (sizeof<T>() == 8) {
    const spare = sorted == words ? other : words
    for (let start = 0, end = 0; start < n; start = end) {
      const leading = at<u64>(sorted, start) >> 32
      for (end = start + 1; end < n && at<u64>(sorted, end) >> 32 == leading; ) end++
      if (end - start > 1) sortRun<T>(x, descending, sorted, start, end, spare, counts)
    }
  }
  return sorted
}

/** Writes to `order` the positions of the n numbers at x, smallest first, or largest first when `descending`. */
export function argsort<T>(x: usize, n: i32, descending: bool, order: usize, scratch: usize): void {
  if (sizeof<T>() == 4 && n <= countingLength) {
    const places = countNumbers(x, n, descending, scratch)
    for (let i = 0; i < n; i++) put<u32>(order, at<i32>(places, i), i)
    return
  }
  const sorted = sortedWords<T>(x, n, descending, order, scratch)
  for (let i = 0; i < n; i++) put<u32>(order, i, u32(at<u64>(sorted, i)))
}

/**
 * The same, and the numbers in that order times `sign`, as f64. In f32 the sorted word holds the whole number: nothing is
 * fetched from all over the row.
 */
export function argsortValues<T>(
  x: usize,
  n: i32,
  descending: bool,
  sign: f64,
  order: usize,
  values: usize,
  scratch: usize,
): void {
  if (sizeof<T>() == 4 && n <= countingLength) {
    const places = countNumbers(x, n, descending, scratch)
    for (let i = 0; i < n; i++) {
      const place = at<i32>(places, i)
      put<u32>(order, place, i)
      put<f64>(values, place, sign * num<T>(x, i))
    }
    return
  }
  const sorted = sortedWords<T>(x, n, descending, order, scratch)
  if (sizeof<T>() == 8) {
    for (let i = 0; i < n; i++) put<u32>(order, i, u32(at<u64>(sorted, i)))
    gather<T>(x, order, n, sign, values)
    return
  }
  for (let i = 0; i < n; i++) {
    const word = at<u64>(sorted, i)
    put<u32>(order, i, u32(word))
    const key = u32(word >> 32)
    const bits = descending ? ~key : key
    // Undoes `ordered32`: numbers that were positive have the sign bit set.
    const value = reinterpret<f32>(bits ^ (~u32(i32(bits) >> 31) | 0x80000000))
    put<f64>(values, i, sign * f64(value))
  }
}

/** The numbers at x in the given order, times `sign`, as f64. */
@inline
export function gather<T>(x: usize, order: usize, n: i32, sign: f64, out: usize): void {
  for (let i = 0; i < n; i++) put<f64>(out, i, sign * num<T>(x, i32(at<u32>(order, i))))
}
