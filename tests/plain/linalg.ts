import * as ours from "@nn/linalg";
import { eye, matmul as product, sign, slice, transpose, where, type Tensor } from "@nn/tensor";
import { at, get, indicesOf, make, map, matmul, permute, reshape, scalar, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Trial } from "./trial.js";

/** How many rows and columns a matrix, or one of a batch, has. */
const rowsOf = (x: Plain): number => get(x.shape, -2);
const columnsOf = (x: Plain): number => get(x.shape, -1);

/** The results of a function of one matrix for all of a batch. */
function each(x: Plain, f: (matrix: Plain) => Plain): Plain {
  const batch = x.shape.slice(0, -2);
  const results = indicesOf(batch).map((place) => f(make([rowsOf(x), columnsOf(x)], (index) => at(x, ...place, ...index))));
  return { shape: [...batch, ...get(results, 0).shape], data: results.flatMap(({ data }) => data) };
}

const turned = (x: Plain): Plain => permute(x, [...x.shape.keys()].toSpliced(-2, 2, x.shape.length - 1, x.shape.length - 2));
const identity = (size: number): Plain => make([size, size], ([row, column]) => Number(row === column));
const symmetricPart = (x: Plain): Plain => zip((a, b) => (a + b) / 2, x, turned(x));

/** The matrix without a row and a column. */
const minor = (x: Plain, row: number, column: number): Plain => make([rowsOf(x) - 1, columnsOf(x) - 1], ([i = 0, j = 0]) => at(x, i < row ? i : i + 1, j < column ? j : j + 1));

/** Laplace's expansion along the first row. */
function determinant(x: Plain): number {
  return rowsOf(x) === 0 ? 1 : sum(Array.from({ length: columnsOf(x) }, (_, column) => (-1) ** column * at(x, 0, column) * determinant(minor(x, 0, column))));
}

/** Cramer's rule: the adjugate over the determinant. */
const inverted = (x: Plain): Plain => make(x.shape, ([row = 0, column = 0]) => ((-1) ** (row + column) * determinant(minor(x, column, row))) / determinant(x));

/** L with L Lᵀ = X, row by row. */
function choleskyOf(x: Plain): Plain {
  const found = new Map<string, number>();
  const l = (row: number, column: number): number => found.get(`${row},${column}`) ?? 0;
  for (const [row = 0, column = 0] of indicesOf(x.shape).filter(([i = 0, j = 0]) => j <= i)) {
    const rest = at(x, row, column) - sum(Array.from({ length: column }, (_, k) => l(row, k) * l(column, k)));
    found.set(`${row},${column}`, row === column ? Math.sqrt(rest) : rest / l(column, column));
  }
  return make(x.shape, ([row = 0, column = 0]) => l(row, column));
}

type Vector = readonly number[];
const dot = (a: Vector, b: Vector): number => sum(a.map((value, place) => value * get(b, place)));
const columnsIn = (x: Plain): Vector[] => Array.from({ length: columnsOf(x) }, (_, column) => Array.from({ length: rowsOf(x) }, (_row, row) => at(x, row, column)));
const fromColumns = (columns: readonly Vector[]): Plain => make([get(columns, 0).length, columns.length], ([row = 0, column = 0]) => get(get(columns, column), row));

/** Gram and Schmidt: orthonormal columns, and a triangle with a positive diagonal. */
function gramSchmidt(x: Plain): readonly [q: Plain, r: Plain] {
  const q: Vector[] = [];
  for (const column of columnsIn(x).slice(0, rowsOf(x))) {
    const rest = q.reduce<Vector>((left, direction) => left.map((value, place) => value - dot(direction, left) * get(direction, place)), column);
    q.push(rest.map((value) => value / Math.sqrt(dot(rest, rest))));
  }
  return [fromColumns(q), matmul(turned(fromColumns(q)), x)];
}

/** Hestenes: rotates pairs of columns until all are orthogonal. The singular values fall, and the first element of each right vector is positive. */
function singular(x: Plain): { readonly u: Plain; readonly s: Vector; readonly v: Plain } {
  if (rowsOf(x) < columnsOf(x)) {
    const { u, s, v } = singular(turned(x));
    return { u: v, s, v: u };
  }
  const [columns, right] = [columnsIn(x), columnsIn(identity(columnsOf(x)))];
  for (let sweep = 0; sweep < 40; sweep += 1) {
    for (let i = 0; i < columns.length; i += 1) {
      for (let j = 0; j < i; j += 1) {
        const [a, b] = [get(columns, j), get(columns, i)];
        const angle = 0.5 * Math.atan2(2 * dot(a, b), dot(a, a) - dot(b, b));
        for (const list of [columns, right]) {
          const [first, second] = [get(list, j), get(list, i)];
          list[j] = first.map((value, place) => Math.cos(angle) * value + Math.sin(angle) * get(second, place));
          list[i] = second.map((value, place) => Math.cos(angle) * value - Math.sin(angle) * get(first, place));
        }
      }
    }
  }
  const order = columns.map((column, place) => ({ place, size: Math.sqrt(dot(column, column)) })).toSorted((a, b) => b.size - a.size);
  return {
    u: fromColumns(order.map(({ place, size }) => get(columns, place).map((value) => value / size))),
    s: order.map(({ size }) => size),
    v: fromColumns(order.map(({ place }) => get(right, place))),
  };
}

/** The columns of both, each with the sign that makes the first element of that of `by` positive. */
const signed = (x: Plain, by: Plain): Plain => make(x.shape, ([row = 0, column = 0]) => at(x, row, column) * Math.sign(at(by, 0, column)));

/** Eigenvalues, rising, and eigenvectors of a symmetric matrix: those of a positive matrix are its singular values and vectors. */
function eigen(x: Plain): { readonly values: Vector; readonly vectors: Plain } {
  const shift = 1 + Math.max(...columnsIn(x).map((column) => sum(column.map(Math.abs))));
  const { s, v } = singular(zip((value, one) => value + shift * one, x, identity(rowsOf(x))));
  return { values: s.map((value) => value - shift).toReversed(), vectors: fromColumns(columnsIn(v).toReversed()) };
}

/** Taylor's series of a small part of the matrix, squared again and again. */
function exponential(x: Plain): Plain {
  const small = map(x, (value) => value / 2 ** 10);
  let term = identity(rowsOf(x));
  let total = term;
  for (let k = 1; k < 15; k += 1) {
    term = map(matmul(term, small), (value) => value / k);
    total = zip((a, b) => a + b, total, term);
  }
  for (let turn = 0; turn < 10; turn += 1) total = matmul(total, total);
  return total;
}

/** The pseudo-inverse of a matrix of full rank. */
const pseudoInverse = (x: Plain): Plain => (rowsOf(x) >= columnsOf(x) ? matmul(inverted(matmul(turned(x), x)), turned(x)) : matmul(turned(x), inverted(matmul(x, turned(x)))));

const norms = {
  fro: (x) => Math.sqrt(sum(x.data.map((value) => value ** 2))), nuclear: (x) => sum(singular(x).s), 2: (x) => Math.max(...singular(x).s), "-2": (x) => Math.min(...singular(x).s),
  1: (x) => Math.max(...columnsIn(x).map((column) => sum(column.map(Math.abs)))), "-1": (x) => Math.min(...columnsIn(x).map((column) => sum(column.map(Math.abs)))),
  Infinity: (x) => norms[1](turned(x)), "-Infinity": (x) => norms["-1"](turned(x)),
} as const satisfies Readonly<Record<string, (x: Plain) => number>> as Readonly<Record<"fro" | "nuclear" | "1" | "-1" | "2" | "-2" | "Infinity" | "-Infinity", (x: Plain) => number>>;

const pickNorm = (random: Random): readonly [given: ours.MatrixNorm, plain: (x: Plain) => number] => {
  const name = random.pick(["fro", "nuclear", "1", "-1", "2", "-2", "Infinity", "-Infinity"] as const);
  return [name === "fro" || name === "nuclear" ? name : Number(name), norms[name]];
};

// What depends on the values of a matrix cannot be compiled.
const options: Partial<Trial> = { compiled: false, loose: 20 };
const batchFor = (random: Random): number[] => random.shape([0, 1], [1, 2]);

/** A trial of a function of square matrices that are far from singular ones. */
const ofRegular = (run: (x: Tensor) => Tensor, plain: (x: Plain) => Plain) => (random: Random): Trial => {
  const [size, sides] = [random.int(1, 3), random.pick([-3, 3])];
  const x = random.array([...batchFor(random), size, size], -1, 1);
  const shifted = make(x.shape, (index) => at(x, ...index) + (get(index, -1) === get(index, -2) ? sides : 0));
  return call(x.shape.join("x"), [shifted], (a) => run(a as Tensor), (a) => each(a as Plain, plain), options);
};

/** A trial of any matrices. */
const ofAny = (run: (x: Tensor) => Tensor | readonly Tensor[], plain: (x: Plain) => Plain | readonly Plain[], kind: "any" | "square" | "tall" = "any", more: Partial<Trial> = {}) => (random: Random): Trial => {
  const [rows, columns] = [random.int(1, 3), random.int(1, 3)];
  const shape = kind === "square" ? [rows, rows] : kind === "tall" ? [Math.max(rows, columns), Math.min(rows, columns)] : [rows, columns];
  return call(shape.join("x"), [random.array(shape)], (a) => run(a as Tensor), (a) => plain(a as Plain), { ...options, ...more });
};

/** Columns with the signs that make the first element positive; the signs have no gradient. */
const withSigns = (x: Tensor, by: Tensor): Tensor => x.mul(sign(slice(by, ["...", { start: 0, stop: 1 }, {}]).detach()));
const inSymmetry = (x: Tensor): Tensor => x.add(transpose(x)).mul(0.5);

/** A system of equations: a matrix, and a vector or a matrix on the right. */
const system = (run: (a: Tensor, b: Tensor) => Tensor, plain: (a: Plain, b: Plain) => Plain, rowsFor: (size: number, random: Random) => number, shift: number) => (random: Random): Trial => {
  const size = random.int(1, 3);
  const rows = rowsFor(size, random);
  const a = random.array([rows, size], -1, 1);
  const right = random.array(random.bool() ? [rows] : [rows, random.int(1, 2)]);
  const shifted = make(a.shape, (index) => at(a, ...index) + (index[0] === index[1] ? shift : 0));
  return call(`${rows}x${size}, ${right.shape.join("x")}`, [shifted, right], (x, b) => run(x as Tensor, b as Tensor), (x, b) => {
    const given = b as Plain;
    const solution = plain(x as Plain, given.shape.length === 1 ? reshape(given, [rows, 1]) : given);
    return given.shape.length === 1 ? reshape(solution, [size]) : solution;
  }, options);
};

const triangular: Entries["solveTriangular"] = (random) => {
  const [upper, unitDiagonal] = [random.bool(), random.bool()];
  const triangle = (x: Plain): Plain => make(x.shape, ([row = 0, column = 0]) => (row === column ? (unitDiagonal ? 1 : at(x, row, column)) : column > row === upper ? at(x, row, column) : 0));
  const trial = system((a, b) => ours.solveTriangular(a, b, { upper, unitDiagonal }), (a, b) => matmul(inverted(triangle(a)), b), (size) => size, 2)(random);
  return { ...trial, what: `${trial.what}, upper ${upper}, unit diagonal ${unitDiagonal}` };
};

const norm: Entries["matrixNorm"] = (random) => {
  const [[p, plain], keepAxes] = [pickNorm(random), random.bool()];
  const x = random.array([...batchFor(random), random.int(1, 3), random.int(1, 3)]);
  return call(`${x.shape.join("x")}, ${p}, keepAxes ${keepAxes}`, [x], (a) => ours.matrixNorm(a as Tensor, { p, keepAxes }), (a) => each(a as Plain, (matrix) => (keepAxes ? make([1, 1], () => plain(matrix)) : scalar(plain(matrix)))), options);
};

const condition: Entries["cond"] = (random) => {
  const [p, plain] = pickNorm(random);
  const trial = ofRegular((x) => ours.cond(x, { p }), (x) => scalar(plain(x) * plain(inverted(x))))(random);
  return { ...trial, what: `${trial.what}, ${p}`, loose: 100 };
};

/** A matrix whose last rows are copies of the first. */
const rank: Entries["matrixRank"] = (random) => {
  const [size, copies] = [random.int(1, 3), random.int(0, 2)];
  const top = random.array([size, 3]);
  return call(`${size} of ${size + copies}`, [make([size + copies, 3], ([row = 0, column = 0]) => at(top, row % size, column))], (x) => ours.matrixRank(x as Tensor), () => scalar(size), { ...options, differentiable: false });
};

/** Every function of `@nn/linalg`. */
export const linalgEntries: Entries = {
  det: ofRegular(ours.det, (x) => scalar(determinant(x))), inverse: ofRegular(ours.inverse, inverted), matrixExp: ofRegular(ours.matrixExp, exponential), cond: condition, matrixNorm: norm, matrixRank: rank,
  slogdet: ofAny((x) => Object.values(ours.slogdet(x)), (x) => [scalar(Math.sign(determinant(x))), scalar(Math.log(Math.abs(determinant(x))))], "square", { loose: 200 }),
  solve: system(ours.solve, (a, b) => matmul(inverted(a), b), (size) => size, 3), solveTriangular: triangular,
  lstsq: system((a, b) => ours.lstsq(a, b), (a, b) => matmul(pseudoInverse(a), b), (size, random) => random.int(1, size + 2), 3), pinv: ofRegular((x) => ours.pinv(x), pseudoInverse),
  cholesky: (random) => {
    const upper = random.bool();
    return ofAny((x) => ours.cholesky(product(x, transpose(x)).add(eye(x.shape[0] as number, undefined, { dtype: x.dtype })), { upper }), (x) => {
      const factor = choleskyOf(zip((a, b) => a + b, matmul(x, turned(x)), identity(rowsOf(x))));
      return upper ? turned(factor) : factor;
    })(random);
  },
  qr: ofAny((x) => {
    const { q, r } = ours.qr(x);
    const signs = where(eye(r.shape[0] as number, r.shape[1] as number, { dtype: "bool" }), sign(r), 0).sum(1).detach();
    return [q.mul(signs), r.mul(signs.unsqueeze(1))];
  }, gramSchmidt, "any", { loose: 500 }),
  svd: ofAny((x) => {
    const { u, s, vh } = ours.svd(x);
    return [withSigns(u, transpose(vh)), s, withSigns(transpose(vh), transpose(vh))];
  }, (x) => {
    const { u, s, v } = singular(x);
    return [signed(u, v), { shape: [s.length], data: [...s] }, signed(v, v)];
  }, "any", { loose: 500 }),
  svdvals: ofAny(ours.svdvals, (x) => {
    const { s } = singular(x);
    return { shape: [s.length], data: [...s] };
  }),
  eigh: ofAny((x) => {
    const { eigenvalues, eigenvectors } = ours.eigh(inSymmetry(x));
    return [eigenvalues, withSigns(eigenvectors, eigenvectors)];
  }, (x) => {
    const { values, vectors } = eigen(symmetricPart(x));
    return [{ shape: [values.length], data: [...values] }, signed(vectors, vectors)];
  }, "square", { loose: 500 }),
  eigvalsh: ofAny((x) => ours.eigvalsh(inSymmetry(x)), (x) => {
    const { values } = eigen(symmetricPart(x));
    return { shape: [values.length], data: [...values] };
  }, "square"),
};
