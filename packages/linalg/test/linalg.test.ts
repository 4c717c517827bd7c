import { checkGradients, grad } from "@nn/autograd";
import { diagEmbed, eye, matmul, ones, prod, sum, tensor, transpose, tril, triu, zeros, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import {
  cholesky, cond, det, eigh, eigvalsh, inverse, lstsq, matrixExp, matrixNorm, matrixRank, pinv, qr, slogdet, solve, solveTriangular, svd, svdvals,
} from "../src/index.js";
import { distance, random, real } from "./samples.js";

const identity = (n: number): Tensor => eye(n, n, { dtype: "float64" });
const symmetricPart = (x: Tensor): Tensor => x.add(transpose(x)).mul(0.5);
const definite = (x: Tensor): Tensor => matmul(x, transpose(x)).add(identity(x.shape.at(-1) ?? 0));

/** Shapes of batches and sizes of matrices. */
const squares = [[1, 1], [2, 2], [3, 3], [7, 7], [2, 4, 4], [2, 3, 2, 2], [40, 40]];
const rectangles = [[4, 2], [2, 4], [3, 3], [1, 5], [5, 1], [2, 5, 3], [2, 3, 5], [30, 12]];

describe.each(squares)("square matrices %j", (...shape: number[]) => {
  const n = shape.at(-1) ?? 0;
  const x = random(shape, 1).add(identity(n).mul(0.1));

  test("an inverse times the matrix is the identity", () => {
    expect(distance(matmul(inverse(x), x), identity(n).add(zeros(shape, { dtype: "float64" })))).toBeLessThan(1e-9);
  });

  test("a solution solves the system", () => {
    const b = random([...shape.slice(0, -1), 3], 2);
    expect(distance(matmul(x, solve(x, b)), b)).toBeLessThan(1e-10);
    const vectors = random(shape.slice(0, -1), 3);
    expect(distance(sum(x.mul(solve(x, vectors).unsqueeze(-2)), -1), vectors)).toBeLessThan(1e-10);
  });

  test("determinants multiply, and slogdet is their sign and logarithm", () => {
    const y = random(shape, 4);
    const [product, direct] = [det(x).mul(det(y)), det(matmul(x, y))];
    expect(distance(product.div(direct), ones(direct.shape, { dtype: "float64" }))).toBeLessThan(1e-9);
    const { sign, logAbsDet } = slogdet(x);
    expect(distance(sign.mul(logAbsDet.exp()).div(det(x)), ones(sign.shape, { dtype: "float64" }))).toBeLessThan(1e-9);
  });

  test("a Cholesky factor is lower triangular, and its square is the matrix", () => {
    const a = definite(x);
    const l = cholesky(a);
    expect(distance(matmul(l, transpose(l)), a)).toBeLessThan(1e-10);
    expect(distance(tril(l), l)).toBe(0);
    expect(distance(transpose(cholesky(a, { upper: true })), l)).toBe(0);
  });

  test("eigenvectors are orthonormal, eigenvalues ascend, and together they give the matrix", () => {
    const a = symmetricPart(x);
    const { eigenvalues, eigenvectors: v } = eigh(a);
    expect(distance(matmul(matmul(v, diagEmbed(eigenvalues)), transpose(v)), a)).toBeLessThan(1e-12 * n + 1e-13);
    expect(distance(matmul(transpose(v), v), identity(n).add(zeros(shape, { dtype: "float64" })))).toBeLessThan(1e-12);
    const values = eigenvalues.reshape([-1, n]).toArray() as number[][];
    for (const list of values) expect(list).toEqual(list.toSorted((a, b) => a - b));
    expect(distance(eigvalsh(a), eigenvalues)).toBe(0);
    expect(distance(prod(eigenvalues, -1).div(det(a)), ones(shape.slice(0, -2), { dtype: "float64" }))).toBeLessThan(1e-9);
  });

  test("triangular systems are solved by substitution", () => {
    const b = random([...shape.slice(0, -1), 2], 5);
    const a = x.div(n).add(identity(n).mul(2));
    for (const upper of [false, true]) {
      const triangle = upper ? triu(a) : tril(a);
      expect(distance(matmul(triangle, solveTriangular(a, b, { upper })), b)).toBeLessThan(1e-9);
      const unit = upper ? triu(a, 1).add(identity(n)) : tril(a, -1).add(identity(n));
      expect(distance(matmul(unit, solveTriangular(a, b, { upper, unitDiagonal: true })), b)).toBeLessThan(1e-9);
    }
  });

  test("the exponential of a symmetric matrix is that of its eigenvalues", () => {
    const a = symmetricPart(x);
    const { eigenvalues, eigenvectors: v } = eigh(a);
    const expected = matmul(matmul(v, diagEmbed(eigenvalues.exp())), transpose(v));
    const size = Math.max(...expected.toTypedArray().map(Math.abs));
    expect(distance(matrixExp(a), expected) / size).toBeLessThan(1e-12);
  });
});

describe.each(rectangles)("matrices %j", (...shape: number[]) => {
  const x = random(shape, 6);
  const [m = 0, n = 0] = shape.slice(-2);
  const k = Math.min(m, n);
  const all = zeros([...shape.slice(0, -2), k, k], { dtype: "float64" });

  test("Q has orthonormal columns, R is upper triangular, and their product is the matrix", () => {
    const { q, r } = qr(x);
    expect(distance(matmul(q, r), x)).toBeLessThan(1e-13);
    expect(distance(matmul(transpose(q), q), identity(k).add(all))).toBeLessThan(1e-13);
    expect(distance(triu(r), r)).toBe(0);
  });

  test("singular vectors are orthonormal, singular values descend, and together they give the matrix", () => {
    const { u, s, vh } = svd(x);
    expect(distance(matmul(u.mul(s.unsqueeze(-2)), vh), x)).toBeLessThan(1e-13);
    expect(distance(matmul(transpose(u), u), identity(k).add(all))).toBeLessThan(1e-13);
    expect(distance(matmul(vh, transpose(vh)), identity(k).add(all))).toBeLessThan(1e-13);
    expect(Math.min(...s.toTypedArray())).toBeGreaterThanOrEqual(0);
    expect(distance(svdvals(x), s)).toBe(0);
    // The squares are the eigenvalues of XᵀX.
    const squares = eigvalsh(m < n ? matmul(x, transpose(x)) : matmul(transpose(x), x));
    expect(distance(squares.flip(-1), s.square())).toBeLessThan(1e-11);
  });

  test("a pseudoinverse has the four properties of Penrose", () => {
    const p = pinv(x);
    const [xp, px] = [matmul(x, p), matmul(p, x)];
    expect(distance(matmul(xp, x), x)).toBeLessThan(1e-12);
    expect(distance(matmul(px, p), p)).toBeLessThan(1e-12);
    expect(distance(transpose(xp), xp)).toBeLessThan(1e-12);
    expect(distance(transpose(px), px)).toBeLessThan(1e-12);
  });

  test("the residual of a least-squares solution is orthogonal to the columns", () => {
    const b = random([...shape.slice(0, -1), 2], 7);
    const rest = matmul(x, lstsq(x, b)).sub(b);
    expect(distance(matmul(transpose(x), rest), zeros([...shape.slice(0, -2), n, 2], { dtype: "float64" }))).toBeLessThan(1e-12);
  });

  test("norms are those of the formulas", () => {
    const s = svdvals(x);
    expect(distance(matrixNorm(x), s.square().sum(-1).sqrt())).toBeLessThan(1e-12);
    expect(distance(matrixNorm(x, { p: "nuclear" }), s.sum(-1))).toBeLessThan(1e-12);
    expect(distance(matrixNorm(x, { p: 2 }), s.max(-1))).toBe(0);
    expect(distance(matrixNorm(x, { p: -2 }), s.min(-1))).toBe(0);
    expect(distance(matrixNorm(x, { p: 1 }), x.abs().sum(-2).max(-1))).toBe(0);
    expect(distance(matrixNorm(x, { p: -Infinity }), x.abs().sum(-1).min(-1))).toBe(0);
    expect(matrixNorm(x, { p: Infinity, keepAxes: true }).shape).toEqual([...shape.slice(0, -2), 1, 1]);
    expect(distance(cond(x), s.max(-1).div(s.min(-1)))).toBe(0);
  });
});

describe("gradients agree with central differences", () => {
  const x = random([2, 3, 3], 8).add(identity(3).mul(2));
  const tall = random([4, 3], 9);
  const wide = random([2, 3, 5], 10);
  const weights = random([3, 3], 11);
  // What does not depend on the signs of vectors.
  const projections = (v: Tensor): Tensor => matmul(v.mul(real([1, 2, 3])), transpose(v));
  test.each<[string, (...inputs: Tensor[]) => Tensor | readonly Tensor[], readonly Tensor[], number]>([
    ["inverse", inverse, [x], 2],
    ["solve", solve, [x, random([2, 3, 2], 12)], 2],
    ["solve, vectors", solve, [x, random([2, 3], 13)], 1],
    ["solve, batches that broadcast", solve, [random([3, 3], 14).add(identity(3).mul(2)), random([2, 3, 2], 15)], 1],
    ["solveTriangular", (a, b) => [solveTriangular(a, b), solveTriangular(a, b, { upper: true, unitDiagonal: true })], [x, random([2, 3, 2], 16)], 2],
    ["det", det, [x], 2],
    ["slogdet", (a) => slogdet(a).logAbsDet, [x], 2],
    ["cholesky", (a) => cholesky(definite(a)), [x], 2],
    ["cholesky, upper", (a) => cholesky(definite(a), { upper: true }), [x], 1],
    ["qr of a tall matrix", (a) => Object.values(qr(a)), [tall], 2],
    ["qr of a wide matrix", (a) => Object.values(qr(a)), [wide], 1],
    ["eigh", (a) => {
      const { eigenvalues, eigenvectors } = eigh(symmetricPart(a));
      return [eigenvalues, projections(eigenvectors)];
    }, [x], 2],
    ["eigvalsh", (a) => eigvalsh(symmetricPart(a)), [x], 1],
    ["svd of a tall matrix", (a) => {
      const { u, s, vh } = svd(a);
      return [s, projections(u), projections(transpose(vh)), matmul(u, vh)];
    }, [tall], 2],
    ["svd of a wide matrix", (a) => {
      const { u, s, vh } = svd(a);
      return [s, projections(u), projections(transpose(vh)), matmul(u, vh)];
    }, [wide], 1],
    ["svdvals", svdvals, [tall], 2],
    ["pinv", (a) => pinv(a), [tall], 2],
    ["pinv of a wide matrix", (a) => pinv(a), [wide], 1],
    ["lstsq", (a, b) => lstsq(a, b), [tall, random([4, 2], 17)], 1],
    ["matrixNorm", (a) => (["fro", "nuclear", 1, 2, -2, Infinity] as const).map((p) => matrixNorm(a, { p })), [tall], 1],
    ["cond", (a) => [cond(a), cond(a, { p: "fro" }), cond(a, { p: 1 })], [x], 1],
    ["matrixExp", (a) => matmul(matrixExp(a), weights), [x], 2],
    ["matrixExp of a large matrix", (a) => matrixExp(a), [random([3, 3], 18).mul(3)], 1],
  ])("%s", (_, fn, inputs, order) => {
    expect(() => checkGradients(fn as (...given: readonly Tensor[]) => Tensor, inputs, { order, tolerance: order === 2 ? 2e-5 : 1e-6 })).not.toThrow();
  });
});

describe("special matrices", () => {
  test("of rank 1 have orthonormal vectors and a pseudoinverse", () => {
    const x = real([[1, 2, 3], [2, 4, 6], [3, 6, 9], [0, 0, 0]]);
    const { u, s, vh } = svd(x);
    expect(distance(matmul(u.mul(s), vh), x)).toBeLessThan(1e-13);
    expect(distance(matmul(transpose(u), u), identity(3))).toBeLessThan(1e-14);
    expect(matrixRank(x).item()).toBe(1);
    expect(matrixRank(tensor([[1, 2], [3, 4]])).item()).toBe(2);
    expect(distance(matmul(matmul(x, pinv(x)), x), x)).toBeLessThan(1e-13);
    expect(matrixRank(zeros([3, 2])).item()).toBe(0);
    expect(pinv(zeros([3, 2])).toArray()).toEqual([[0, 0, 0], [0, 0, 0]]);
  });

  test("with equal eigenvalues, and of zeros, have a gradient if it does not depend on the choice of vectors", () => {
    expect(grad((x: Tensor) => eigvalsh(x).sum())(identity(3)).toArray()).toEqual(identity(3).toArray());
    expect(grad((x: Tensor) => svdvals(x).sum())(identity(2)).toArray()).toEqual(identity(2).toArray());
    expect(grad((x: Tensor) => matrixNorm(x))(zeros([2, 2])).toArray()).toEqual([[0, 0], [0, 0]]);
  });

  test("that are singular have the cofactors as gradient of the determinant", () => {
    const x = real([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
    const cofactors = [[-3, 6, -3], [6, -12, 6], [-3, 6, -3]];
    expect(distance(grad((a: Tensor) => det(a))(x), real(cofactors))).toBeLessThan(1e-12);
    expect(distance(grad((a: Tensor) => det(a))(real([[0, 0], [0, 5]])), real([[5, 0], [0, 0]]))).toBeLessThan(1e-14);
  });

  test("may have no elements", () => {
    const nothing = zeros([0, 0], { dtype: "float64" });
    expect([det(nothing).item(), slogdet(nothing).logAbsDet.item(), matrixNorm(nothing).item()]).toEqual([1, 0, 0]);
    expect([inverse(nothing).shape, solve(nothing, zeros([0, 2], { dtype: "float64" })).shape, cholesky(nothing).shape, matrixExp(nothing).shape]).toEqual([[0, 0], [0, 2], [0, 0], [0, 0]]);
    expect([qr(zeros([3, 0])).r.shape, svd(zeros([0, 3])).vh.shape, eigh(nothing).eigenvalues.shape, matrixRank(zeros([0, 3])).item()]).toEqual([[0, 0], [0, 3], [0], 0]);
    expect(inverse(zeros([0, 2, 2])).shape).toEqual([0, 2, 2]);
  });

  test("with very large and very small elements neither overflow nor vanish", () => {
    for (const size of [1e200, 1e-200]) {
      const x = real([[3, 1], [1, 2]]).mul(size);
      expect(distance(svdvals(x).div(size), svdvals(real([[3, 1], [1, 2]])))).toBeLessThan(1e-14);
      expect(distance(eigvalsh(x).div(size), eigvalsh(real([[3, 1], [1, 2]])))).toBeLessThan(1e-14);
      expect(distance(matmul(inverse(x), x), identity(2))).toBeLessThan(1e-14);
      expect(matrixNorm(x).item() / size).toBeCloseTo(Math.sqrt(15), 12);
    }
    expect(inverse(real([[1, 0], [0, 1e-20]])).toArray()).toEqual([[1, 0], [0, 1e20]]);
  });

  test("that are ill-conditioned keep their digits: the inverse of Hilbert's matrix has whole numbers", () => {
    const hilbert = real(Array.from({ length: 5 }, (_, i) => Array.from({ length: 5 }, (__, j) => 1 / (i + j + 1))));
    expect(inverse(hilbert).toTypedArray()[6]).toBeCloseTo(4800, 6);
    expect(cond(hilbert).item() / 476607.2502).toBeCloseTo(1, 8);
  });
});

test("of float32 give float32, computed in float64", () => {
  const x = tensor([[1, 1], [1, 1.0001]]);
  const results = [
    inverse(x), solve(x, tensor([1, 2])), solveTriangular(x, tensor([1, 2])), det(x), slogdet(x).sign, slogdet(x).logAbsDet, cholesky(x), qr(x).q, qr(x).r,
    eigh(x).eigenvalues, eigh(x).eigenvectors, eigvalsh(x), svd(x).u, svd(x).s, svd(x).vh, svdvals(x), pinv(x), lstsq(x, tensor([1, 2])), matrixNorm(x),
    matrixNorm(x, { p: "nuclear" }), cond(x), cond(x, { p: 1 }), matrixExp(x),
  ];
  expect(new Set(results.map(({ dtype }) => dtype))).toEqual(new Set(["float32"]));
  // In float32 arithmetic the pivot, 1.0001 − 1, would have three digits.
  const exact = 1 / (Math.fround(1.0001) - 1);
  expect(inverse(x).toTypedArray()[3]).toBe(Math.fround(exact));
});

describe("errors", () => {
  const singular = tensor([[1, 2], [2, 4]]);
  test.each<[string, () => unknown]>([
    ["no tensor", () => inverse([[1]] as never)],
    ["integers", () => inverse(zeros([2, 2], { dtype: "int32" }))],
    ["a vector", () => svd(zeros([3]))],
    ["no square", () => det(zeros([2, 3]))],
    ["singular", () => inverse(singular)],
    ["singular to working precision", () => inverse(real([[0.1, 0.2], [0.3, 0.6]]))],
    ["one of a batch", () => solve(tensor([[[1, 0], [0, 1]], [[1, 2], [2, 4]]]), zeros([2, 2]))],
    ["a zero on the diagonal", () => solveTriangular(tensor([[1, 0], [1, 0]]), zeros([2]))],
    ["not symmetric", () => eigh(tensor([[1, 2], [3, 4]]))],
    ["not symmetric, values", () => eigvalsh(tensor([[1, 2], [3, 4]]))],
    ["not positive-definite", () => cholesky(tensor([[1, 2], [2, 1]]))],
    ["not a number", () => svd(tensor([[1, NaN]]))],
    ["infinite", () => qr(tensor([[1], [Infinity]]))],
    ["another right side", () => solve(zeros([2, 2]), zeros([3]))],
    ["another dtype", () => solve(zeros([2, 2]), zeros([2], { dtype: "float64" }))],
    ["another right side of least squares", () => lstsq(zeros([3, 2]), zeros([2]))],
    ["batches that do not fit", () => lstsq(zeros([2, 3, 3]), zeros([4, 3, 1]))],
    ["another norm", () => matrixNorm(singular, { p: 3 })],
    ["another norm of a condition number", () => cond(singular, { p: "l2" as never })],
    ["options of another function", () => cholesky(singular, { lower: true } as never)],
    ["a tolerance", () => pinv(singular, { tolerance: -1 })],
    ["the gradient of a singular logarithm", () => grad((x: Tensor) => slogdet(x).logAbsDet)(singular)],
    ["the gradient of a singular QR", () => grad((x: Tensor) => qr(x).r.sum())(singular.mul(0))],
  ])("%s", (_, call) => {
    expect(call).toThrowErrorMatchingSnapshot();
  });

  test("an infinite condition number, and the logarithm of a singular determinant", () => {
    expect(cond(real([[1, 0], [0, 0]])).item()).toBe(Infinity);
    for (const p of ["fro", "nuclear", 1, -1, 2, Infinity, -Infinity] as const) {
      expect([cond(real([[1, 2], [2, 4]]), { p }).item(), cond(real([[0]]), { p }).item()].map((value) => value > 1e15)).toEqual([true, true]);
    }
    expect(cond(tensor([[[1, 2], [2, 4]], [[1, 0], [0, 2]]], { dtype: "float64" }), { p: 1 }).toArray()).toEqual([Infinity, 2]);
    expect(cond(real([[0]]), { p: -2 }).item()).toBe(0);
    expect(cond(real([[0]])).item()).toBe(Infinity);
    const { sign, logAbsDet } = slogdet(real([[1, 0], [0, 0]]));
    expect([sign.item(), logAbsDet.item()]).toEqual([0, -Infinity]);
  });
});
