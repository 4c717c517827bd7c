import { tensor, Variable } from "@nn/tensor";

/** Values of every kind: each is wrong for most arguments. */
export const wrongValues: readonly unknown[] = [
  undefined, null, true, 3, 1.5, -1, NaN, "text", "1", 10n, Symbol("s"), [], [2, 3], ["2"], [null], [1.5, -2], {}, { notAnOption: 1 }, () => undefined,
  new Float32Array(2), new Date(0), new Map([["a", 1]]), tensor([[1, 2, 3], [4, 5, 6]]), tensor([0, 1], { dtype: "int32" }), new Variable(tensor([1, 2])),
];
