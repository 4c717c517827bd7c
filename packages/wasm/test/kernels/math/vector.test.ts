import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { FunctionBuilder } from "../../../src/assembler/function-builder.js";
import { i32, ModuleBuilder, f32x4, v128 } from "../../../src/index.js";
import { apply, binaryNames, mathNames, type MathName, randomNumbers, ulps, vectorMath } from "./apply.js";
import { binarySpecials, unarySpecials } from "./specials.js";
import { truths } from "./truth.js";

/** The largest errors of the table at `vectorMath`. */
const accuracy: { readonly [N in MathName]: number } = {
  exp: 1.1, expm1: 1.6, log: 0.9, log1p: 1.5, sin: 1.7, cos: 1.7, tanh: 1.6, sigmoid: 2.4,
  erf: 1.4, erfc: 4, erfInv: 3.1, pow: 1.3, atan2: 1.8, remainder: 0.5,
};

/** The worst of the results that are farther from the truth than the table says, or nothing. */
function violations(name: MathName, x: Float32Array, y: Float32Array): string {
  const results = apply(name, x, y);
  const exact = Float64Array.from(x, (value, i) => truths[name](value, y[i] as number));
  let [worst, where] = [accuracy[name], ""];
  results.forEach((result, i) => {
    const error = ulps(result, exact[i] as number);
    if (error <= worst) return;
    worst = error;
    where = `${error} ulp: ${name}(${x[i]}${binaryNames.includes(name) ? `, ${y[i]}` : ""}) = ${result}, not ${exact[i]}`;
  });
  return where;
}

/** All exponents, both signs, denormal numbers, infinities and NaN: every so-manieth pattern, and a second one scrambled. */
function patterns(count: number): readonly [Float32Array, Float32Array] {
  const bits = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * 2 ** 32) / count) + (i % 7));
  const random = randomNumbers(3);
  const others = bits.map((pattern) => {
    const scrambled = Math.floor(random() * 2 ** 32);
    // Half of them of about the same size.
    return scrambled & 1 ? scrambled : (pattern & 0x7f80_0000) ^ (scrambled & 0x83ff_ffff);
  });
  return [new Float32Array(bits.buffer), new Float32Array(others.buffer)];
}

describe("over all float32", () => {
  const [x, y] = patterns(200_000);
  test.each(mathNames)("%s", (name) => {
    expect(violations(name, x, y)).toBe("");
  });
});

describe("over the range in which it is used", () => {
  const random = randomNumbers(5);
  const x = Float32Array.from({ length: 100_000 }, (_, i) => (random() * 2 - 1) * ([1, 3, 12, 100][i % 4] ?? 1));
  const y = x.map(() => random() * 20 - 10);
  test.each(mathNames)("%s", (name) => {
    const positive = name === "pow" || name === "log";
    const known = positive ? x.map(Math.abs) : name === "erfInv" ? x.map((value) => value / 100) : x;
    expect(violations(name, known, y)).toBe("");
  });

  test("erfInv near ±1", () => {
    const near = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (1 - (1 + (i >> 1)) * 2 ** -24));
    expect(violations("erfInv", near, near)).toBe("");
  });
});

describe("at the edges of the range", () => {
  /** So many neighbours of a number on both sides. */
  function around(centre: number, count: number): Float32Array {
    const bits = new Uint32Array(Float32Array.of(centre).buffer)[0] as number;
    return new Float32Array(Uint32Array.from({ length: count }, (_, i) => bits + i - count / 2).buffer);
  }
  const edges: readonly (readonly [name: MathName, centre: number, what: string])[] = [
    ["exp", 88.72284, "overflow"], ["exp", -87.33655, "denormal results"], ["exp", -103.97208, "underflow"],
    ["expm1", 88.72284, "overflow"], ["expm1", -17.32868, "-1"],
    ["sigmoid", -87.33655, "denormal results"], ["sigmoid", -103.97208, "underflow"], ["sigmoid", 16.635532, "1"],
    ["log", 2 ** -126, "denormal arguments"], ["log", 1, "zero"], ["log1p", -0.9999, "-infinity"], ["log1p", 1e-7, "x itself"],
    ["erfc", 9.194, "denormal results"], ["erfc", 10.05, "underflow"], ["tanh", 9.01, "1"], ["tanh", 0.34, "the change of formula"],
    ["erf", 1, "the change of formula"], ["erf", 3.92, "1"], ["sin", 1e5, "the change of reduction"], ["cos", -1e5, "the change of reduction"],
    ["sin", 3.4e38, "the largest"],
  ];
  test.each(edges)("%s at %d: %s", (name, centre) => {
    const x = around(centre, 4096);
    expect(violations(name, x, x)).toBe("");
  });

  test("angles next to multiples of π/2", () => {
    const x = Float32Array.from({ length: 200_000 }, (_, i) => ((i - 100_000) * Math.PI) / 2);
    for (const name of ["sin", "cos"] as const) {
      expect(violations(name, x, x)).toBe("");
    }
  });

  test("powers that overflow, underflow or are denormal", () => {
    const random = randomNumbers(7);
    const x = Float32Array.from({ length: 50_000 }, () => 2 ** (random() * 276 - 149));
    const y = x.map((value) => (random() * 300 - 155) / Math.log2(value));
    expect(violations("pow", x, y)).toBe("");
  });
});

describe("special values", () => {
  test.each(Object.entries(unarySpecials))("%s", (name, rows) => {
    const x = Float32Array.from({ length: 4 * rows.length }, (_, i) => (rows[i >> 2] as readonly number[])[0] as number);
    const results = apply(name as MathName, x);
    expect([...results]).toEqual(rows.flatMap(([, result]) => new Array<number>(4).fill(Math.fround(result))));
  });

  test.each(Object.entries(binarySpecials))("%s", (name, rows) => {
    // Each among ordinary lanes too, which it must not disturb.
    const x = Float32Array.from({ length: 4 * rows.length }, (_, i) => (i % 4 === 1 ? (rows[i >> 2] as readonly number[])[0] as number : 3));
    const y = Float32Array.from({ length: 4 * rows.length }, (_, i) => (i % 4 === 1 ? (rows[i >> 2] as readonly number[])[1] as number : 2));
    const results = apply(name as MathName, x, y);
    const [ordinary] = apply(name as MathName, x.slice(0, 4), y.slice(0, 4));
    expect([...results].filter((_, i) => i % 4 === 1)).toEqual(rows.map(([, , result]) => Math.fround(result)));
    expect(new Set([...results].filter((_, i) => i % 4 !== 1))).toEqual(new Set([ordinary]));
  });
});

test("special values of every function are tested", () => {
  expect([...Object.keys(unarySpecials), ...Object.keys(binarySpecials)].toSorted()).toEqual(mathNames.toSorted());
});

describe("the reference that results are compared with", () => {
  const recorded: Readonly<Record<string, readonly (readonly number[])[]>> = JSON.parse(readFileSync(new URL("truth.json", import.meta.url), "utf8"));
  test.each(Object.entries(recorded))("%s is exact far beyond float32", (name, rows) => {
    for (const [x = NaN, exact = NaN] of rows) expect(Math.abs(truths[name as MathName](x, NaN) - exact)).toBeLessThan(1e-12 * Math.abs(exact));
  });
});

describe("as code", () => {
  test("fits into a function with a result, and takes any expression", () => {
    const module = new ModuleBuilder();
    module.function({ name: "f", params: { n: "i32" }, result: "i32", export: true }, (b, { n }) => {
      expect(b).toBeInstanceOf(FunctionBuilder);
      const x = b.local("v128", f32x4.splat(1));
      b.forRange(0, n, 1, () => b.set(x, vectorMath.log(b, vectorMath.exp(b, f32x4.add(x, f32x4.splat(1))))));
      return i32.trunc_sat_f32_s(f32x4.extract_lane(f32x4.nearest(v128.or(x, x)), 2));
    });
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
    expect(typeof f === "function" && f(5)).toBe(6);
  });

  test("uses no instruction whose result depends on the machine", () => {
    const module = new ModuleBuilder({ features: ["simd"] });
    module.function({ name: "f", params: { x: "v128", y: "v128" }, result: "v128" }, (b, { x, y }) =>
      mathNames.reduce((sum, name) => b.let(f32x4.add(sum, vectorMath[name](b, x, y))), x),
    );
    expect(WebAssembly.validate(module.finish())).toBe(true);
  });
});
