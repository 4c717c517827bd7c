import { describe, expect, it } from "vitest";
import {
  add, atan2, cast, cos, cumSum, erf, erfc, erfInv, exp, expm1, log, log1p, ones, pow, remainder, sigmoid, sin, tanh, tensor, type Tensor,
} from "@nn/tensor";
import type { ScalarFunction } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { wasmFeatures } from "@nn/wasm";
import { compile } from "../../src/index.js";

const unary = { exp, expm1, log, log1p, sin, cos, tanh, sigmoid, erf, erfc, erfInv };
const binary: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = { pow, atan2, remainder };

const magnitudes = [0, Number.MIN_VALUE, 1e-300, 1e-9, 0.1, 0.5, 0.9, 1, 1.5, 2, 3, 7.3, 20, 100, 709.5, 745, 1e5, 2 ** 53 + 2, 1e22, 1e300, Number.MAX_VALUE, Infinity];
const values = [...magnitudes.flatMap((x) => [x, -x]), NaN];
const pairs = values.flatMap((x) => values.map((y) => [x, y] as const));

const float64 = (numbers: readonly number[]): Tensor => tensor(numbers, { dtype: "float64" });

/** Signs of zeros told apart, NaN equal to itself. */
const elements = (x: Tensor): number[] => [...x.toTypedArray()];

describe("compiled float64 functions have the bits of eager ones", () => {
  it.each(Object.entries(unary))("%s", (_, fn) => {
    const x = float64(values);
    expect(elements(compile((each: Tensor) => fn(each))(x))).toEqual(elements(fn(x)));
  });

  it.each(Object.entries(binary))("%s", (_, fn) => {
    const [x, y] = [float64(pairs.map(([first]) => first)), float64(pairs.map(([, second]) => second))];
    expect(elements(compile(fn)(x, y))).toEqual(elements(fn(x, y)));
  });

  it("squares are the same, whether the exponent is a constant, an argument, or one of many", () => {
    const x = float64(values);
    const eager = elements(pow(x, 2));
    expect(elements(compile((each: Tensor) => pow(each, 2))(x))).toEqual(eager);
    for (const two of [float64([2]), float64(values.map(() => 2))]) expect(elements(compile(pow)(x, two))).toEqual(eager);
  });

  it("every function is tested", () => {
    const definitions: readonly { readonly name: string; readonly scalarFunction?: ScalarFunction | undefined }[] = Object.values(primitives);
    const names = definitions.filter(({ scalarFunction }) => scalarFunction !== undefined).map(({ name }) => name);
    expect(names.toSorted()).toEqual([...Object.keys(unary), ...Object.keys(binary)].toSorted());
  });
});

it("float32 computed together with float64 is rounded as eagerly", () => {
  const fn = (x: Tensor): Tensor => add(cast(exp(x), "float64"), tanh(cast(x, "float64")));
  const x = tensor(values);
  expect(elements(compile(fn)(x))).toEqual(elements(fn(x)));
});

it("whole numbers are computed without functions of float64", () => {
  const power = compile((x: Tensor, y: Tensor) => [pow(x, y), remainder(x, 3)]);
  const [x, y] = [[-7, 2, 5], [3, 10, 0]].map((each) => tensor(each, { dtype: "int32" })) as [Tensor, Tensor];
  expect(power(x, y).map((each) => each.toArray())).toEqual([[-343, 1024, 1], [2, 2, 2]]);
  expect(power.explain()).not.toMatch(/JavaScript/);
});

it("kernels that differ only in the positions of indices share them", () => {
  const fn = (x: Tensor): Tensor => [0, 1, 2, 3].reduce((h) => cumSum(tanh(h), 0), x);
  const x = float64([0.1, -0.2, 0.3]);
  const compiled = compile(fn);
  expect(elements(compiled(x))).toEqual(elements(fn(x)));
  expect(compiled.explain().match(/tanh, scalar/g)).toHaveLength(4);
});

describe("programs that call functions of float64", () => {
  const fn = (x: Tensor): Tensor => exp(x).add(remainder(x, 0.3)).sum(1);
  const x = cumSum(cast(ones([300, 100]), "float64"), 0);

  it("run on one thread, however many are requested", () => {
    const [alone, together] = [compile(fn), compile(fn, { threads: 3 })];
    expect(elements(together(x))).toEqual(elements(alone(x)));
    expect(together.explain()).toMatch(/, JavaScript's exp, remainder on one thread, built in/);
    expect(together.profile(x).kernels.length).toBeGreaterThan(0);
  });

  it("do not take threads from other programs", () => {
    const products = compile((y: Tensor) => y.mul(2).sqrt(), { threads: 3 });
    products(x);
    expect(products.explain().includes("up to 3 threads")).toBe(wasmFeatures().threads);
  });
});
