import { max, maximum, min, minimum, reshape, tensor, type Tensor } from "@nn/tensor";
import { expect, it } from "vitest";
import { compile } from "../../src/index.js";

const values = [0, -0, 1, -1, Number.MIN_VALUE, 3e38, Infinity, -Infinity, NaN];
const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));

it("maximum and minimum equal those of the eager kernels, including signs of zero and NaN", () => {
  const compiled = compile((x: Tensor, y: Tensor) => [maximum(x, y), minimum(x, y)]);
  const [x, y] = [0, 1].map((at) => tensor(pairs.map((pair) => pair[at] as number)));
  const [larger, smaller] = compiled(x as Tensor, y as Tensor).map((each) => each.toArray());
  expect(larger).toEqual(maximum(x as Tensor, y as Tensor).toArray());
  expect(smaller).toEqual(minimum(x as Tensor, y as Tensor).toArray());
});

it.each([0, 1])("maxima and minima along axis %i do too", (axis) => {
  const compiled = compile((x: Tensor) => [max(x, axis), min(x, axis)]);
  const flat = tensor(Array.from({ length: 40 }, (_, at) => pairs[(7 * at) % pairs.length] as readonly [number, number]).flat());
  const x = reshape(flat, axis === 0 ? [2, 40] : [40, 2]);
  expect(compiled(x).map((each) => each.toArray())).toEqual([max(x, axis).toArray(), min(x, axis).toArray()]);
});
