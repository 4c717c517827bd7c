/**
 * How fast the reference kernels are: floating-point operations per second of the contractions, time per element of the others,
 * and the time of one training step of a small network. Run with `pnpm --filter @nn/tensor bench`; numbers of different runs
 * compare only on the same quiet machine.
 */
import { allocate, type DType, type TypedArray } from "../src/dtype.js";
import * as primitives from "../src/primitives/all.js";
import type { AttributesOf, DefinitionOf, InputsOf, Primitive } from "../src/primitives/table.js";
import { sizeOf, type Shape } from "../src/shape.js";
import type { NdArray } from "../src/primitives/definition.js";

let seed = 1;

/** Numbers between −1 and 1 (whole ones between −100 and 100), the same in every run. */
function random(dtype: DType, ...shape: number[]): NdArray {
  const data: TypedArray = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < data.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    const value = seed / 2 ** 31;
    data[i] = dtype === "bool" ? Number(value > 0) : dtype === "int32" ? value * 100 : value;
  }
  return { shape, dtype, data };
}

function apply<P extends Primitive>(primitive: P, inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>): NdArray {
  const definitions: { readonly [Q in Primitive]: DefinitionOf<Q> } = primitives;
  const definition = definitions[primitive];
  const type = definition.type(inputs, attributes);
  return { ...type, data: definition.kernel(inputs, attributes, type) };
}

/** Seconds that `body` takes: the median of its runs within about `budget` seconds, after a warm-up. */
function time(body: () => void, budget = 0.25): number {
  const seconds: number[] = [];
  const run = (until: number, keep: boolean): void => {
    while (performance.now() < until) {
      const start = performance.now();
      body();
      if (keep) seconds.push((performance.now() - start) / 1000);
    }
  };
  run(performance.now() + budget * 500, false);
  run(performance.now() + budget * 1000, true);
  seconds.sort((a, b) => a - b);
  return seconds[seconds.length >> 1] ?? NaN;
}

function report(name: string, figure: number, unit: string): void {
  console.log(`${name.padEnd(52)} ${figure.toFixed(2).padStart(8)} ${unit}`);
}

function benchMatmul(dtype: DType, m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): void {
  const a = transposeA ? random(dtype, k, m) : random(dtype, m, k);
  const b = transposeB ? random(dtype, n, k) : random(dtype, k, n);
  const seconds = time(() => apply("matmul", [a, b], { transposeA, transposeB }));
  const name = `matmul ${dtype} ${m} x ${k}${transposeA ? " (transposed)" : ""} by ${k} x ${n}${transposeB ? " (transposed)" : ""}`;
  report(name, (2 * m * k * n) / seconds / 1e9, "GFLOP/s");
}

function benchElements<P extends Primitive>(label: string, primitive: P, inputs: InputsOf<P, NdArray>, attributes: AttributesOf<P>): void {
  const elements = Math.max(...(inputs as readonly NdArray[]).map(({ data }) => data.length), 1);
  report(`${primitive} ${label}`, (time(() => apply(primitive, inputs, attributes)) / elements) * 1e9, "ns/element");
}

function benchContractions(): void {
  for (const [m, k, n] of [[256, 256, 256], [64, 784, 128], [1, 784, 128]] as const) {
    for (const [transposeA, transposeB] of [[false, false], [false, true], [true, false], [true, true]] as const) {
      benchMatmul("float32", m, k, n, transposeA, transposeB);
    }
  }
  benchMatmul("float64", 256, 256, 256, false, false);
  benchMatmul("int32", 256, 256, 256, false, false);
  const convolutions: readonly (readonly [x: Shape, weight: Shape, groups: number])[] = [
    [[8, 16, 28, 28], [32, 16, 3, 3], 1], [[8, 1, 28, 28], [32, 1, 3, 3], 1], [[8, 32, 28, 28], [32, 1, 3, 3], 32], [[16, 8, 28, 28], [16, 8, 26, 26], 1],
  ];
  for (const [x, weight, groups] of convolutions) {
    const attributes = { strides: [1, 1], padding: [[1, 1], [1, 1]] as const, inputDilation: [1, 1], kernelDilation: [1, 1], groups };
    const inputs = [random("float32", ...x), random("float32", ...weight)] as const;
    const multiplications = sizeOf(apply("convolution", inputs, attributes).shape) * sizeOf(weight.slice(1));
    report(`convolution [${x}] with [${weight}]`, (2 * multiplications) / time(() => apply("convolution", inputs, attributes)) / 1e9, "GFLOP/s");
  }
  const window = { window: [2, 2], strides: [2, 2], padding: [[0, 0], [0, 0]] as const, windowDilation: [1, 1] };
  benchElements("2 x 2", "windowSum", [random("float32", 8, 16, 32, 32)], { ...window, inputDilation: [1, 1] });
  benchElements("2 x 2", "windowArgMax", [random("float32", 8, 16, 32, 32)], window);
}

function benchElementwise(): void {
  const x = random("float32", 256, 400);
  const y = random("float32", 256, 400);
  const row = random("float32", 400);
  const column = random("float32", 256, 1);
  const scalar = random("float32");
  for (const primitive of ["add", "mul", "div", "maximum", "pow", "remainder", "less"] as const) {
    benchElements("of equal shapes", primitive, [x, y], {});
    benchElements("with a scalar", primitive, [x, scalar], {});
  }
  benchElements("with a row", "add", [x, row], {});
  benchElements("with a column", "add", [x, column], {});
  benchElements("of 50000 x 2 with a row", "add", [random("float32", 50000, 2), random("float32", 2)], {});
  benchElements("of float64", "add", [random("float64", 102400), random("float64", 102400)], {});
  benchElements("of int32", "add", [random("int32", 102400), random("int32", 102400)], {});
  benchElements("of float32 again", "add", [x, y], {});
  benchElements("of a scalar and a matrix", "select", [random("bool", 256, 400), scalar, x], {});
  benchElements("of equal shapes", "select", [random("bool", 256, 400), x, y], {});
  for (const primitive of ["neg", "sqrt", "exp", "log", "tanh", "sigmoid", "erf", "erfInv", "floor", "round", "sin"] as const) {
    benchElements("", primitive, [x], {});
  }
  benchElements("to int32", "cast", [x], { dtype: "int32" });
  benchElements("to float64", "cast", [x], { dtype: "float64" });
}

function benchOthers(): void {
  const x = random("float32", 256, 400);
  for (const primitive of ["sum", "prod", "max"] as const) {
    for (const axes of [[0], [1], [0, 1]]) benchElements(`over axes ${axes} of [256, 400]`, primitive, [x], { axes });
  }
  const images = random("float32", 16, 32, 14, 14);
  benchElements("over axes 0,2,3 of [16, 32, 14, 14]", "sum", [images], { axes: [0, 2, 3] });
  benchElements("over axis 1 of [256, 400]", "argMax", [x], { axis: 1 });
  benchElements("over axis 0 of [256, 400]", "argMax", [x], { axis: 0 });
  benchElements("over axis 1 of [256, 400]", "cumSum", [x], { axis: 1 });
  benchElements("of 100000", "argSort", [random("float32", 100000)], { axis: 0, descending: false });
  benchElements("of 100000 int32", "argSort", [random("int32", 100000)], { axis: 0, descending: false });
  benchElements("[256, 400] transposed", "permute", [x], { permutation: [1, 0] });
  benchElements("[1024, 1024] transposed", "permute", [random("float32", 1024, 1024)], { permutation: [1, 0] });
  benchElements("[16, 32, 14, 14] to channels last", "permute", [images], { permutation: [0, 2, 3, 1] });
  benchElements("half of each row", "slice", [x], { starts: [0, 100], stops: [256, 300], steps: [1, 1] });
  benchElements("by 1 on each side", "pad", [images], { low: [0, 0, 1, 1], high: [0, 0, 1, 1], interior: [0, 0, 0, 0], value: 0 });
  benchElements("of two", "concat", [x, x], { axis: 1 });
  benchElements("", "flip", [x], { axes: [1] });
  const rows: NdArray = { shape: [256, 1], dtype: "int32", data: Int32Array.from({ length: 256 }, (_, i) => (i * 7) % 256) };
  benchElements("of 256 rows", "gather", [x, rows], { axis: 0 });
  benchElements("of 256 rows", "scatterAdd", [x, rows, x], { axis: 0 });
  const positions: NdArray = { shape: [256, 400], dtype: "int32", data: Int32Array.from({ length: 102400 }, (_, i) => (i * 7) % 400) };
  benchElements("within rows", "gather", [x, positions], { axis: 1 });
  const state: NdArray = { shape: [4], dtype: "int32", data: Int32Array.of(1, 2, 3, 4) };
  report("randomBits", (time(() => apply("randomBits", [state], { shape: [102400], bits: 24 })) / 102400) * 1e9, "ns/element");
}

/** Parameters and their moments after one Adam step, written in primitives. */
function adam(parameter: NdArray, gradient: NdArray, first: NdArray, second: NdArray): NdArray[] {
  const number = (value: number) => apply("full", [], { shape: [], dtype: "float32", value });
  const mix = (old: NdArray, fresh: NdArray, decay: number) =>
    apply("add", [apply("mul", [old, number(decay)], {}), apply("mul", [fresh, number(1 - decay)], {})], {});
  const m = mix(first, gradient, 0.9);
  const v = mix(second, apply("mul", [gradient, gradient], {}), 0.999);
  const scale = apply("add", [apply("sqrt", [apply("mul", [v, number(1.001)], {})], {}), number(1e-8)], {});
  return [apply("sub", [parameter, apply("mul", [apply("div", [m, scale], {}), number(1e-3)], {})], {}), m, v];
}

/** One step of a 784-128-10 classifier on 64 samples: forward, backward, Adam. */
function benchTraining(): void {
  const x = random("float32", 64, 784);
  const target = random("float32", 64, 10);
  let parameters = [random("float32", 128, 784), random("float32", 128), random("float32", 10, 128), random("float32", 10)].map((parameter) => {
    const zero = { ...parameter, data: new Float32Array(parameter.data.length) };
    return [parameter, zero, zero];
  });
  const zero = apply("full", [], { shape: [], dtype: "float32", value: 0 });
  const step = (): void => {
    const [weight1, bias1, weight2, bias2] = parameters.map(([parameter]) => parameter as NdArray) as [NdArray, NdArray, NdArray, NdArray];
    const linear = (input: NdArray, weight: NdArray, bias: NdArray) =>
      apply("add", [apply("matmul", [input, weight], { transposeA: false, transposeB: true }), bias], {});
    const before = linear(x, weight1, bias1);
    const off = apply("lessEqual", [before, zero], {});
    const hidden = apply("select", [off, zero, before], {});
    const logits = linear(hidden, weight2, bias2);
    const powers = apply("exp", [apply("sub", [logits, apply("max", [logits], { axes: [1] })], {})], {});
    const probabilities = apply("div", [powers, apply("sum", [powers], { axes: [1] })], {});
    const error = apply("sub", [probabilities, target], {});
    const back = apply("select", [off, zero, apply("matmul", [error, weight2], { transposeA: false, transposeB: false })], {});
    const outer = (left: NdArray, right: NdArray) => apply("matmul", [left, right], { transposeA: true, transposeB: false });
    const total = (gradient: NdArray) => ({ ...apply("sum", [gradient], { axes: [0] }), shape: [gradient.shape[1] ?? 0] });
    const gradients = [outer(back, x), total(back), outer(error, hidden), total(error)];
    parameters = parameters.map(([parameter, m, v], i) => adam(parameter as NdArray, gradients[i] as NdArray, m as NdArray, v as NdArray));
  };
  report("Adam step of 784-128-10, 64 samples", time(step, 2) * 1000, "ms");
}

benchTraining();
benchContractions();
benchElementwise();
benchOthers();
benchTraining();
