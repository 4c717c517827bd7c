import { abs, ArgumentError, equal, logicalAnd, where, type Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";

/** `t · x`, and 0 for `0 · ∞`: what does not happen costs nothing, however impossible it is, and has the gradient 0. */
export function timesChance(t: Tensor, x: Tensor): Tensor {
  return t.mul(where(logicalAnd(equal(t, 0), equal(abs(x), Infinity)), 0, x));
}

/**
 * Refuses elements outside of `low` to `high`. Inside a compiled function, where values are not known, such elements become NaN, and with
 * them the loss. NaN stays NaN.
 */
export function within(operation: string, x: Tensor, name: string, low: number, high = Infinity): Tensor {
  const expected = high === Infinity ? `numbers from ${low}` : `numbers from ${low} to ${Math.round(high)}`;
  const isRefused = (value: number): boolean => value < low || value > high;
  return checked(operation, x, name, expected, isRefused, () => logicalAnd(x.greaterEqual(low), x.lessEqual(high)));
}

/** Targets that are probabilities: rounding may bring one of several that are mixed a little above 1. */
export function chances(operation: string, target: Tensor): Tensor {
  return within(operation, target, "target", 0, 1 + 1e-6);
}

/** Refuses targets other than 1 and −1; inside a compiled function they become NaN. */
export function signs(operation: string, target: Tensor): Tensor {
  return checked(operation, target, "target", "1 or -1", (value) => value !== 1 && value !== -1, () => equal(abs(target), 1));
}

/** Refuses factors of losses that are no numbers, where values are known. */
export function requireNumbers(operation: string, x: Tensor, name: string): void {
  if (ArrayBuffer.isView(x.storage)) checked(operation, x, name, "numbers", Number.isNaN, () => x);
}

function checked(
  operation: string, x: Tensor, name: string, expected: string, isRefused: (value: number) => boolean, isAccepted: () => Tensor,
): Tensor {
  const { storage, shape } = x;
  if (!ArrayBuffer.isView(storage)) return where(isAccepted(), x, NaN);
  const at = storage.findIndex(isRefused);
  if (at < 0) return x;
  throw new ArgumentError(`${operation}: ${name} is ${storage[at]} at ${formatShape(placeOf(at, shape))}, expected ${expected}`);
}

/** Where in a tensor its element number `at` is. */
function placeOf(at: number, shape: readonly number[]): number[] {
  let rest = at;
  return shape.toReversed().map((size) => {
    const place = rest % size;
    rest = (rest - place) / size;
    return place;
  }).toReversed();
}
