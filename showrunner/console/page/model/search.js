// @ts-check
// Looking things up in a sorted list, in so many steps as its length has binary digits.

/**
 * The index of the first item whose value is not smaller than `value`; the length where all are.
 * @template T
 * @param {ArrayLike<T>} list sorted by `of`
 * @param {number} value
 * @param {(item: T) => number} of
 */
export function firstFrom(list, value, of) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index of the first item whose value is larger than `value`; the length where none is.
 * @template T
 * @param {ArrayLike<T>} list sorted by `of`
 * @param {number} value
 * @param {(item: T) => number} of
 */
export function firstAbove(list, value, of) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(list[middle]) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
