import { abs, ArgumentError, equal, logicalAnd, where, type Tensor } from "@nn/tensor";
import { formatShape } from "@nn/tensor/extend";

/** `t · x`, but 0 with the gradient 0 where `t` is 0, even if `x` is infinite. */
export function timesChance(t: Tensor, x: Tensor): Tensor {
  return t.mul(where(logicalAnd(equal(t, 0), equal(abs(x), Infinity)), 0, x));
}

/** Refuses elements outside of `low` to `high`. In a compiled function such elements become NaN, and so does the loss. NaN stays NaN. */
export function within(operation: string, x: Tensor, name: string, low: number, high = Infinity): Tensor {
  const expected = high === Infinity ? `numbers from ${low}` : `numbers from ${low} to ${Math.round(high)}`;
  const isRefused = (value: number): boolean => value < low || value > high;
  return checked(operation, x, name, expected, isRefused, () => logicalAnd(x.greaterEqual(low), x.lessEqual(high)));
}

/** Refuses targets that are not probabilities. Rounding may lift a weighted mean of probabilities slightly above 1; this is allowed. */
export function chances(operation: string, target: Tensor): Tensor {
  return within(operation, target, "target", 0, 1 + 1e-6);
}

/** Refuses targets other than 1 and −1. In a compiled function they become NaN. */
export function signs(operation: string, target: Tensor): Tensor {
  return checked(operation, target, "target", "1 or -1", (value) => value !== 1 && value !== -1, () => equal(abs(target), 1));
}

/** Refuses factors of losses that are NaN, if values are known. */
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
  throw new ArgumentError(`${operation}: ${name} is ${storage[at]} at ${formatShape(indexOf(at, shape))}, expected ${expected}`);
}

/** The position, along each axis, of the element with the flat index `at`. */
function indexOf(at: number, shape: readonly number[]): number[] {
  let rest = at;
  return shape.toReversed().map((size) => {
    const index = rest % size;
    rest = (rest - index) / size;
    return index;
  }).toReversed();
}
