import { customVjp } from "@nn/autograd";
import { ArgumentError, DTypeError, expand, eye, matmul, ShapeError, squeeze, transpose, unsqueeze, type Tensor } from "@nn/tensor";
import { broadcastShapes, formatShape, requireTensor, sameShape } from "@nn/tensor/extend";
import { factorize, solveFactored } from "./kernels/lu.js";
import { gather, ordinal, read, requireSquare } from "./matrices.js";

/**
 * The solution X of `A X = B`, by elimination with partial pivoting in float64. PyTorch: `linalg.solve`.
 *
 * Gradient: `∂B = A⁻ᵀ ∂X`, `∂A = −∂B Xᵀ`.
 *
 * Shapes: A `[…, n, n]`, B `[…, n, k]`; batches broadcast. B `[n]`, or of the shape of A without its last axis, is one vector for each matrix.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { solve } from "@nn/linalg";
 * solve(tensor([[2, 1], [1, 3]]), tensor([5, 10])).toArray(); // => [1, 3]
 * ```
 * @throws ArgumentError for a matrix that is singular to working precision or not finite; ShapeError, DTypeError unless both fit; TraceError
 * inside a compiled function.
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  return solveWith("solve", a, b, (matrix, right) => solveExactly("solve")(matrix, right));
}

/** Prepares both sides for a solver of batches of one shape, in float64. */
export function solveWith(operation: string, a: Tensor, b: Tensor, solver: (a: Tensor, b: Tensor) => Tensor): Tensor {
  requireSquare(operation, a, "a");
  requireTensor(operation, b, "b");
  if (b.dtype !== a.dtype) throw new DTypeError(`${operation}: b has dtype ${b.dtype}, expected ${a.dtype} as a; convert it with .cast("${a.dtype}")`);
  const isVector = b.rank === 1 || sameShape(b.shape, a.shape.slice(0, -1));
  const right = isVector ? unsqueeze(b, -1) : b;
  const [n = 0] = a.shape.slice(-1);
  if (right.rank < 2 || right.shape.at(-2) !== n) {
    throw new ShapeError(`${operation}: b is ${formatShape(b.shape)} for a ${formatShape(a.shape)}, expected [${n}] or [..., ${n}, k]`);
  }
  const batch = broadcastShapes(operation, [a.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const exact = (x: Tensor): Tensor => expand(x, [...batch, ...x.shape.slice(-2)]).cast("float64");
  const solution = solver(exact(a), exact(right)).cast(a.dtype);
  return isVector ? squeeze(solution, -1) : solution;
}

/** A solver for float64 tensors of one batch shape. Its errors name `operation`. */
export function solveExactly(operation: string): (a: Tensor, b: Tensor) => Tensor {
  const solver: (a: Tensor, b: Tensor) => Tensor = customVjp(
    (a: Tensor, b: Tensor) => {
      const matrices = read(operation, a);
      const { list, columns } = read(operation, b);
      const solutions = matrices.list.map((matrix, at) => {
        const factors = factorize(matrix, matrices.rows);
        if (factors.singularAt >= 0) {
          throw new ArgumentError(`${operation}: ${ordinal(matrices.batch, at)} is singular: its column ${factors.singularAt} depends on those before it, to working precision; for the best approximation use pinv or lstsq`);
        }
        const solution = (list[at] as Float64Array).slice();
        solveFactored(factors, matrices.rows, solution, columns);
        return solution;
      });
      return gather(matrices.batch, solutions, [matrices.rows, columns]);
    },
    (gradient, { inputs: [a], output }) => {
      const ofRight = solver(transpose(a), gradient);
      return [matmul(ofRight, transpose(output)).neg(), ofRight];
    },
  );
  return solver;
}

/** Inverts float64 tensors. Errors name `operation`. */
export function inverseExactly(operation: string): (x: Tensor) => Tensor {
  const inverseOf = customVjp(
    (x: Tensor) => solveExactly(operation)(x, expand(eye(x.shape.at(-1) ?? 0, undefined, { dtype: "float64" }), x.shape)),
    (gradient, { output }) => [matmul(matmul(transpose(output), gradient), transpose(output)).neg()],
  );
  return inverseOf;
}
