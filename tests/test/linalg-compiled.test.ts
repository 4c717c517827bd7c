import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import {
  cholesky, cond, det, eigh, eigvalsh, inverse, lstsq, matrixExp, matrixNorm, matrixRank, pinv, qr, slogdet, solve, solveTriangular, svd, svdvals,
} from "@nn/linalg";
import { tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

const x = tensor([[2, 1], [1, 3]]);

describe("a compiled function refuses, by its name,", () => {
  const functions: Readonly<Record<string, (x: Tensor) => unknown>> = {
    cholesky, cond, det, eigh, eigvalsh, inverse, matrixExp, matrixRank, pinv, qr, slogdet, svd, svdvals,
    lstsq: (a) => lstsq(a, a), solve: (a) => solve(a, a), solveTriangular: (a) => solveTriangular(a, a), matrixNorm: (a) => matrixNorm(a, { p: 2 }),
  };
  test.each(Object.entries(functions))("%s", (name, fn) => {
    const traced = compile((a: Tensor) => {
      fn(a);
      return a;
    });
    expect(() => traced(x)).toThrow(new RegExp(`^${name}: the value of a traced tensor is not known while compile`));
  });
});

test("norms without singular values are compiled, with their gradients", () => {
  const program = (a: Tensor): Tensor[] => (["fro", 1, Infinity, -1] as const).flatMap((p) => {
    const { value, gradients } = valueAndGrad((given) => matrixNorm(given, { p }), [a]);
    return [value, ...gradients];
  });
  expect(compile(program)(x).map((each) => each.toArray())).toEqual(program(x).map((each) => each.toArray()));
});

test("decompositions from outside can be passed as arguments", () => {
  const { q, r } = qr(x);
  const product = compile((a: Tensor, b: Tensor) => a.matmul(b))(q, r);
  product.toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(x.toTypedArray()[at] as number, 5));
});
