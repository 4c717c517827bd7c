import { customVjp } from "@nn/autograd";
import { ArgumentError, matmul, transpose, tril, triu, type Tensor } from "@nn/tensor";
import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { substitute } from "./kernels/lu.js";
import { gather, ordinal, read } from "./matrices.js";
import { solveWith } from "./solve.js";

/** Options of {@link solveTriangular}. */
export interface SolveTriangularOptions {
  /** Whether to use the upper triangle; default false: the lower one. */
  readonly upper?: boolean | undefined;
  /** Whether to treat the diagonal as ones, whatever its elements are; default false. */
  readonly unitDiagonal?: boolean | undefined;
}

const solveTriangularOptions: OptionKinds<SolveTriangularOptions> = { upper: "boolean", unitDiagonal: "boolean" };

/**
 * The solution X of `T X = B` by substitution, where T is a triangle of A. Elements on the other side of the diagonal are ignored. PyTorch:
 * `linalg.solve_triangular`.
 *
 * Shapes: as those of {@link solve}.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { cholesky, solveTriangular } from "@nn/linalg";
 * const factor = cholesky(tensor([[4, 2], [2, 5]]));
 * const half = solveTriangular(factor, tensor([8, 8]));
 * solveTriangular(factor.transpose(), half, { upper: true }).toArray(); // => [1.5, 1]
 * ```
 * @throws ArgumentError for a 0 on the diagonal or elements that are not finite; ShapeError, DTypeError unless both fit; TraceError inside a
 * compiled function.
 */
export function solveTriangular(a: Tensor, b: Tensor, options: SolveTriangularOptions = {}): Tensor {
  requireOptions("solveTriangular", options, solveTriangularOptions);
  const { upper = false, unitDiagonal = false } = options;
  return solveWith("solveTriangular", a, b, triangularExactly("solveTriangular", upper, unitDiagonal));
}

/** A solver for float64 tensors of one batch shape. Its errors name `operation`. */
export function triangularExactly(operation: string, upper: boolean, unit = false): (a: Tensor, b: Tensor) => Tensor {
  const part = (x: Tensor): Tensor => (upper ? triu(x, unit ? 1 : 0) : tril(x, unit ? -1 : 0));
  const solver: (a: Tensor, b: Tensor) => Tensor = customVjp(
    (a: Tensor, b: Tensor) => {
      const { list, batch, rows } = read(operation, a);
      const { list: rights, columns } = read(operation, b);
      const solutions = list.map((triangle, at) => {
        const zero = unit ? -1 : Array.from({ length: rows }, (_, i) => triangle[i * (rows + 1)]).indexOf(0);
        if (zero >= 0) throw new ArgumentError(`${operation}: ${ordinal(batch, at)} is singular: element ${zero} of its diagonal is 0`);
        const solution = (rights[at] as Float64Array).slice();
        substitute(triangle, rows, solution, columns, { upper, unit });
        return solution;
      });
      return gather(batch, solutions, [rows, columns]);
    },
    (gradient, { inputs: [a], output }) => {
      const ofRight = triangularExactly(operation, !upper, unit)(transpose(a), gradient);
      return [part(matmul(ofRight, transpose(output)).neg()), ofRight];
    },
  );
  return solver;
}
