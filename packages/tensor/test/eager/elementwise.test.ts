import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dtypes, type DType } from "../../src/dtype.js";
import type * as elementwise from "../../src/primitives/elementwise.js";
import { anyNumbers, apply, array, arraysOf, broadcastableShapes, broadcastAt, elements, naive, shapes, vector } from "./arrays.js";
import type { NdArray } from "../../src/primitives/definition.js";

type Elementwise = keyof typeof elementwise;
type Binary = Extract<
  Elementwise,
  | "add" | "sub" | "mul" | "div" | "pow" | "remainder" | "maximum" | "minimum" | "atan2"
  | "equal" | "less" | "lessEqual" | "logicalAnd" | "logicalOr"
  | "bitwiseAnd" | "bitwiseOr" | "bitwiseXor" | "bitwiseLeftShift" | "bitwiseRightShift"
>;
type Unary = Exclude<Elementwise, Binary | "select" | "cast">;

const floats: readonly DType[] = ["float32", "float64"];
const numbers: readonly DType[] = [...floats, "int32"];

/** ⌊x / y⌋ by its definition, exact for the operands that the tests draw. */
function flooredRemainder(x: number, y: number): number {
  if (!Number.isFinite(x) || Number.isNaN(y) || y === 0) return NaN;
  if (!Number.isFinite(y)) return x === 0 || x < 0 === y < 0 ? x : y;
  const rest = Math.abs(x) % Math.abs(y);
  if (rest === 0) return x < 0 || Object.is(x, -0) ? -0 : 0;
  const distance = x < 0 === y < 0 ? rest : Math.abs(y) - rest;
  return y < 0 ? -distance : distance;
}

const binaryFloat: { readonly [B in Binary]?: (x: number, y: number) => number } = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  atan2: Math.atan2,
  equal: (x, y) => (x === y ? 1 : 0),
  less: (x, y) => (x < y ? 1 : 0),
  lessEqual: (x, y) => (x <= y ? 1 : 0),
};

const wrap = (value: bigint): number => Number(BigInt.asIntN(32, value));

const binaryInt32: { readonly [B in Binary]?: (x: number, y: number) => number } = {
  add: (x, y) => wrap(BigInt(x) + BigInt(y)),
  sub: (x, y) => wrap(BigInt(x) - BigInt(y)),
  mul: (x, y) => wrap(BigInt(x) * BigInt(y)),
  maximum: (x, y) => (x > y ? x : y),
  minimum: (x, y) => (x < y ? x : y),
  equal: (x, y) => (x === y ? 1 : 0),
  less: (x, y) => (x < y ? 1 : 0),
  lessEqual: (x, y) => (x <= y ? 1 : 0),
};

/** Two's complement with as many bits as it takes. */
const positions = (y: number): bigint => BigInt(y >= 0 && y < 32 ? y : 32);

const binaryBits: { readonly [B in Binary]?: (x: number, y: number) => number } = {
  bitwiseAnd: (x, y) => Number(BigInt(x) & BigInt(y)),
  bitwiseOr: (x, y) => Number(BigInt(x) | BigInt(y)),
  bitwiseXor: (x, y) => Number(BigInt(x) ^ BigInt(y)),
  bitwiseLeftShift: (x, y) => wrap(BigInt(x) << positions(y)),
  bitwiseRightShift: (x, y) => Number(BigInt(x) >> positions(y)),
};

const binaryBool: { readonly [B in Binary]?: (x: number, y: number) => number } = {
  equal: (x, y) => (x === y ? 1 : 0),
  less: (x, y) => (x === 0 && y === 1 ? 1 : 0),
  lessEqual: (x, y) => (x === 1 && y === 0 ? 0 : 1),
  logicalAnd: (x, y) => (x === 1 && y === 1 ? 1 : 0),
  logicalOr: (x, y) => (x === 1 || y === 1 ? 1 : 0),
};

const toBool: ReadonlySet<Binary> = new Set(["equal", "less", "lessEqual", "logicalAnd", "logicalOr"] as const);

function* binaryCases(): Generator<[Binary, DType, (x: number, y: number) => number]> {
  const tables = { float32: binaryFloat, float64: binaryFloat, int32: { ...binaryInt32, ...binaryBits }, bool: binaryBool };
  for (const dtype of dtypes) {
    for (const [name, operation] of Object.entries(tables[dtype])) yield [name as Binary, dtype, operation];
  }
}

describe("binary operations", () => {
  it.each([...binaryCases()])("%s of %s agrees with the operation on single numbers, broadcast", (name, dtype, operation) => {
    const inputs = broadcastableShapes(2).chain(({ shape, inputs: [a = [], b = []] }) =>
      fc.tuple(fc.constant(shape), arraysOf(dtype, a, anyNumbers), arraysOf(dtype, b, anyNumbers), fc.boolean()),
    );
    fc.assert(
      fc.property(inputs, ([shape, first, second, swapped]) => {
        const [x, y] = swapped ? [second, first] : [first, second];
        const got = apply(name, [x, y], {});
        const want = naive(toBool.has(name) ? "bool" : dtype, shape, (position) =>
          operation(broadcastAt(x, position, shape), broadcastAt(y, position, shape)),
        );
        expect(got.dtype).toBe(want.dtype);
        expect(elements(got)).toEqual(elements(want));
      }),
    );
  });

  it.each(floats)("remainder of %s has the sign of the divisor", (dtype) => {
    const quarters = fc.oneof(fc.integer({ min: -40, max: 40 }).map((n) => n / 4), fc.constantFrom(NaN, Infinity, -Infinity, -0));
    fc.assert(
      fc.property(quarters, quarters, (x, y) => {
        expect(elements(apply("remainder", [vector(dtype, [x]), vector(dtype, [y])], {}))).toEqual([flooredRemainder(x, y)]);
      }),
    );
  });

  it("remainder of int32 is x − y ⌊x / y⌋", () => {
    const divisors = anyNumbers.int32.filter((y) => y !== 0);
    fc.assert(
      fc.property(anyNumbers.int32, divisors, (x, y) => {
        const [got = NaN] = elements(apply("remainder", [vector("int32", [x]), vector("int32", [y])], {}));
        expect(got).toBe(x - y * Math.floor(x / y) + 0);
      }),
    );
  });

  it("pow of int32 is repeated multiplication modulo 2³²", () => {
    fc.assert(
      fc.property(anyNumbers.int32, fc.integer({ min: 0, max: 70 }), (x, y) => {
        expect(elements(apply("pow", [vector("int32", [x]), vector("int32", [y])], {}))).toEqual([wrap(BigInt(x) ** BigInt(y))]);
      }),
    );
  });

  it("pow of floats follows C where JavaScript differs, and squares by multiplication", () => {
    const bases = [1, 1, -1, -1, 0, -0, -8, 2, 4, NaN, Infinity, -2];
    const exponents = [NaN, Infinity, Infinity, -Infinity, 0, -1, 1 / 3, -1, 0.5, 0, -1, 3];
    const want = [1, 1, 1, 1, 1, -Infinity, NaN, 0.5, 2, 1, 0, -8];
    for (const dtype of floats) expect(elements(apply("pow", [vector(dtype, bases), vector(dtype, exponents)], {}))).toEqual(want);
    const squares = elements(apply("pow", [vector("float64", [-3, 1.1, NaN, -Infinity]), array("float64", [], [2])], {}));
    expect(squares).toEqual([9, 1.1 * 1.1, NaN, Infinity]);
  });

  it("refuses operations that whole numbers do not have", () => {
    const x = vector("int32", [7, 2]);
    expect(() => apply("remainder", [x, vector("int32", [2, 0])], {})).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: remainder: division by 0 is not defined for int32; convert to a float with .cast("float32")]`);
    expect(() => apply("pow", [x, vector("int32", [2, -1])], {})).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: pow: 2 to the negative power -1 is not defined for int32; convert to a float with .cast("float32")]`);
  });
});

/** The nearest whole number by its definition: of two equally near, the even one. */
function nearestEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (!Number.isFinite(x) || rest === 0) return x;
  const above = below + 1;
  const rounded = rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : above;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

const unaryFloat: { readonly [U in Unary]?: (x: number) => number } = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => (x > 0 ? 1 : x < 0 ? -1 : x),
  floor: Math.floor,
  ceil: Math.ceil,
  round: nearestEven,
  trunc: Math.trunc,
  sqrt: Math.sqrt,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
};

describe("unary operations", () => {
  it.each(Object.entries(unaryFloat).flatMap(([name, operation]) => floats.map((dtype) => [name as Unary, dtype, operation] as const)))(
    "%s of %s agrees with the operation on single numbers",
    (name, dtype, operation) => {
      fc.assert(
        fc.property(shapes().chain((shape) => arraysOf(dtype, shape, anyNumbers)), (x) => {
          expect(elements(apply(name, [x], {}))).toEqual(elements(array(dtype, x.shape, elements(x).map(operation))));
        }),
        { numRuns: 50 },
      );
    },
  );

  it("rounds halves to the even neighbour, whatever their size", () => {
    const x = [0.5, 1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 2 ** 51 + 0.5, 2 ** 52 + 1, -(2 ** 53), NaN, -Infinity, -0];
    const want = [0, 2, 2, -0, -2, 0, 2 ** 51, 2 ** 52 + 1, -(2 ** 53), NaN, -Infinity, -0];
    expect(elements(apply("round", [vector("float64", x)], {}))).toEqual(want);
  });

  it("negates, measures and signs int32 modulo 2³²", () => {
    const x = vector("int32", [3, -3, 0, -(2 ** 31)]);
    expect(elements(apply("neg", [x], {}))).toEqual([-3, 3, 0, -(2 ** 31)]);
    expect(elements(apply("abs", [x], {}))).toEqual([3, 3, 0, -(2 ** 31)]);
    expect(elements(apply("sign", [x], {}))).toEqual([1, -1, 0, -1]);
  });

  it("negates bools", () => {
    expect(elements(apply("logicalNot", [vector("bool", [0, 1, 1])], {}))).toEqual([1, 0, 0]);
  });

  it("keeps the special functions right at the edges of their domains", () => {
    const edges = vector("float32", [-Infinity, -200, -0, 0, 200, Infinity, NaN]);
    const of = (name: Unary) => elements(apply(name, [edges], {}));
    expect(of("sigmoid")).toEqual([0, 0, 0.5, 0.5, 1, 1, NaN]);
    expect(of("erf")).toEqual([-1, -1, -0, 0, 1, 1, NaN]);
    expect(of("erfc")).toEqual([2, 2, 1, 1, 0, 0, NaN]);
    expect(elements(apply("erfInv", [vector("float32", [-2, -1, -0, 0, 1, 1.5, NaN])], {}))).toEqual([NaN, -Infinity, -0, 0, Infinity, NaN, NaN]);
  });
});

describe("select", () => {
  it.each(dtypes)("chooses element by element among %s, broadcast", (dtype) => {
    const cases = broadcastableShapes(3).chain(({ shape, inputs: [a = [], b = [], c = []] }) =>
      fc.tuple(fc.constant(shape), arraysOf(dtype, a, anyNumbers), arraysOf("bool", b), arraysOf(dtype, c, anyNumbers)),
    );
    fc.assert(
      fc.property(cases, fc.boolean(), ([shape, x, condition, y], swapped) => {
        const [first, second] = swapped ? [y, x] : [x, y];
        const want = naive(dtype, shape, (position) => broadcastAt(broadcastAt(condition, position, shape) === 1 ? first : second, position, shape));
        expect(elements(apply("select", [condition, first, second], {}))).toEqual(elements(want));
      }),
    );
  });
});

describe("cast", () => {
  const cast = (x: NdArray, dtype: DType) => elements(apply("cast", [x], { dtype }));

  it("truncates and saturates on the way to int32", () => {
    const x = [1.9, -1.9, -0.5, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31) - 1, 2 ** 31 - 1, 3e9, -3e9, 2 ** 40];
    const most = 2 ** 31 - 1;
    expect(cast(vector("float64", x), "int32")).toEqual([1, -1, 0, 0, most, -most - 1, most, -most - 1, most, most, -most - 1, most]);
  });

  it("turns everything but zero into true", () => {
    expect(cast(vector("float32", [0, -0, 0.5, NaN, -Infinity]), "bool")).toEqual([0, 0, 1, 1, 1]);
    expect(cast(vector("int32", [0, 256, -1]), "bool")).toEqual([0, 1, 1]);
  });

  it("rounds to float32, and keeps values that fit", () => {
    expect(cast(vector("float64", [0.1, 1e300, -1e-300]), "float32")).toEqual([Math.fround(0.1), Infinity, -0]);
    for (const dtype of numbers) expect(cast(vector("bool", [0, 1]), dtype)).toEqual([0, 1]);
    expect(cast(vector("int32", [2 ** 31 - 1, -(2 ** 31)]), "float64")).toEqual([2 ** 31 - 1, -(2 ** 31)]);
  });

  it("returns the same elements for the same dtype", () => {
    const x = vector("float32", [1, 2]);
    expect(apply("cast", [x], { dtype: "float32" }).data).toBe(x.data);
  });
});
