import { expect, test } from "vitest";
import { add, matmul, mul, randomIntegers, Generator, transpose, type Tensor } from "@nn/tensor";
import { compile } from "../../src/index.js";
import { createCompiler } from "../../src/features/index.js";

const generator = new Generator(1);
const whole = (...shape: number[]): Tensor => randomIntegers(shape, { low: -(2 ** 31), high: 2 ** 31 - 1, generator });

test.each([
  ["a vector and a matrix", [5], [5, 3]],
  ["matrices", [4, 5], [5, 3]],
  ["matrices of one row and column", [1, 7], [7, 1]],
  ["a batch", [2, 4, 5], [2, 5, 3]],
  ["batches that broadcast", [3, 1, 4, 5], [2, 5, 6]],
  ["nothing to sum", [4, 0], [0, 3]],
])("products of whole numbers wrap around as eagerly: %s", (_, left, right) => {
  const [x, y] = [whole(...left), whole(...right)];
  const fn = (a: Tensor, b: Tensor): Tensor => add(mul(matmul(a, b), 3), 1);
  expect(compile(fn)(x, y).toArray()).toEqual(fn(x, y).toArray());
});

test("products of transposed operands need no feature", () => {
  const [x, y] = [whole(3, 5, 4), whole(6, 5)];
  const fn = (a: Tensor, b: Tensor): Tensor => matmul(transpose(a), transpose(b));
  expect(createCompiler({})(fn)(x, y).toArray()).toEqual(fn(x, y).toArray());
});
