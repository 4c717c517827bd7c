import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { f32x4, i32 } from "../../../src/assembler/operators.js";
import { ModuleBuilder } from "../../../src/assembler/module-builder.js";
import { emitMatmul, emitPlanned } from "../../../src/kernels/matmul/matmul.js";
import { type MatmulPlan, planMatmul } from "../../../src/kernels/matmul/plan.js";
import { errorRatio, multiply, type Request, untouched } from "./products.js";

const transpositions = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
const upTo17 = Array.from({ length: 17 }, (_, at) => at + 1);

/** A plan of small blocks, so that there are several of them along each axis. */
function inBlocks(request: Request): MatmulPlan {
  const plan = planMatmul(request, "blocked");
  const panel = request.wide === true ? 16 : 8;
  return plan.method === "blocked" ? { ...plan, blocks: { panel, columns: panel, shared: 8, rows: 12 } } : plan;
}

function expectRight(request: Request): void {
  const { around, ...result } = multiply(request);
  const findings = { request, right: errorRatio(request, result) <= 1, untouched: around.every((value) => value === untouched) };
  expect(findings).toEqual({ request, right: true, untouched: true });
}

describe.each(transpositions)("emitMatmul with %o", (transposed) => {
  it("is right within rounding for all small sizes", () => {
    for (const m of upTo17) for (const n of upTo17) expectRight({ m, n, k: [1, 2, 3, 4, 5, 8, 17][(m * 5 + n * 3) % 7] ?? 1, ...transposed });
  });

  it("multiplies by blocks", () => {
    for (const m of [1, 2, 5, 6, 7, 12, 13, 17]) {
      for (const n of [1, 3, 4, 5, 8, 9, 15, 17]) {
        const request = { m, n, k: [1, 4, 7, 8, 17][(m + n) % 5] ?? 1, ...transposed, fused: (m + n) % 2 === 0 };
        expectRight({ ...request, plan: inBlocks(request) });
        expectRight({ ...request, wide: true, plan: inBlocks({ ...request, wide: true }) });
      }
    }
  });

  it("gives the same bits with panels of 16 columns and larger tiles", () => {
    for (const [m, n, k] of [[1, 40, 50], [2, 70, 9], [3, 30, 31], [7, 3, 40], [10, 14, 27], [11, 9, 1100], [64, 128, 64], [40, 50, 60], [65, 67, 130], [31, 330, 520], [64, 17, 600], [13, 16, 30]] as const) {
      for (const fused of [false, true]) {
        const narrow = multiply({ m, n, k, ...transposed, fused });
        for (const threads of [1, 3]) expect(multiply({ m, n, k, ...transposed, fused, threads, wide: true }).c).toEqual(narrow.c);
      }
    }
  });

  it("multiplies matrices whose rows are not adjacent, from any element on", () => {
    for (const shift of [1, 2, 3]) {
      for (const [m, n, k] of [[9, 10, 11], [4, 7, 3], [1, 9, 13], [13, 1, 6], [33, 34, 35]] as const) {
        expectRight({ m, n, k, ...transposed, shift, gaps: [3, 5, 1] });
        const request = { m, n, k, ...transposed, shift, gaps: [1, 2, 3] as const };
        expectRight({ ...request, plan: inBlocks(request) });
      }
    }
  });

  it("is right for larger sizes", () => {
    for (const [m, n, k] of [[64, 10, 128], [10, 128, 64], [64, 128, 10], [128, 30, 70], [65, 67, 130], [1, 300, 70], [300, 1, 70]] as const) {
      expectRight({ m, n, k, ...transposed });
      expectRight({ m, n, k, ...transposed, fused: false });
    }
    expectRight({ m: 31, n: 330, k: 520, ...transposed });
  });

  it("gives zeros if the shared axis is empty", () => {
    expect([...multiply({ m: 3, n: 5, k: 0, ...transposed }).c]).toEqual(Array.from({ length: 15 }, () => 0));
  });

  it("multiplies in float64", () => {
    for (const m of [1, 2, 3, 5, 7, 12]) {
      for (const n of [1, 2, 3, 4, 9]) expectRight({ m, n, k: m + n, ...transposed, dtype: "float64", shift: 1, gaps: [1, 0, 2], fused: n > 2 });
    }
    expectRight({ m: 40, n: 41, k: 42, ...transposed, dtype: "float64" });
  });

  it("gives the same bits with any number of threads", () => {
    for (const [m, n, k] of [[64, 10, 30], [10, 64, 30], [7, 7, 7], [40, 50, 60], [1, 100, 20]] as const) {
      for (const plan of [undefined, inBlocks({ m, n, k, ...transposed })]) {
        const one = multiply({ m, n, k, ...transposed, plan });
        for (const threads of [2, 3, 7]) expect(multiply({ m, n, k, ...transposed, threads, plan }).c).toEqual(one.c);
      }
    }
  });
});

it("reads the rows of B by a table", () => {
  for (const [m, n, k] of [[1, 1, 1], [6, 8, 5], [13, 11, 9], [3, 3, 40], [40, 50, 60], [2, 30, 7]] as const) {
    for (const transposeA of [false, true]) {
      for (const fused of [false, true]) expectRight({ m, n, k, transposeA, fused, reversed: true, shift: 1, gaps: [1, 2, 3] });
      const one = multiply({ m, n, k, transposeA, reversed: true });
      expect(multiply({ m, n, k, transposeA, reversed: true, threads: 3 }).c).toEqual(one.c);
    }
  }
});

it("multiplies matrices of random sizes and layouts", () => {
  const size = fc.integer({ min: 1, max: 70 });
  const gap = fc.integer({ min: 0, max: 9 });
  const request = fc.record({
    m: size, n: size, k: size, transposeA: fc.boolean(), transposeB: fc.boolean(), fused: fc.boolean(), heavyStore: fc.boolean(), wide: fc.boolean(),
    dtype: fc.constantFrom("float32", "float64"),
    shift: fc.integer({ min: 0, max: 5 }),
    threads: fc.integer({ min: 1, max: 4 }),
    gaps: fc.tuple(gap, gap, gap),
  });
  fc.assert(fc.property(request, (each) => expectRight(each)), { numRuns: 150 });
});

describe("store", () => {
  /** How often `store` was given each element, and the largest of the elements' values. */
  function storedTimes(request: Request): { readonly times: number[]; readonly values: Float32Array } {
    const { m, n, k, transposeA = false, transposeB = false } = request;
    const module = new ModuleBuilder({ memory: { export: "memory", initial: 4 } });
    const [a, b, counts, values, scratch] = [1024, 32768, 65536, 98304, 131072];
    module.function({ name: "run", params: { thread: "i32", threads: "i32" }, export: true }, (code, shared) =>
      emitPlanned(code, {
        m, n, k, transposeA, transposeB, fusedMultiplyAdd: false, heavyStore: request.heavyStore ?? false, ...shared,
        a: { address: i32.const(a) }, b: { address: i32.const(b) }, scratch: i32.const(scratch),
        store(body, { row, column, width, value }) {
          const at = body.let(i32.shl(i32.add(i32.mul(row, n), column), 2));
          const whole = body.let(value);
          for (let lane = 0; lane < width; lane++) {
            const offset = counts + lane * 4;
            body.i32.store(at, i32.add(i32.load(at, { offset }), 1), { offset });
            body.v128.store32_lane(at, f32x4.mul(whole, f32x4.const(2)), lane, { offset: values + lane * 4 });
          }
        },
      }, request.plan ?? planMatmul({ m, n, k, transposeA, transposeB, heavyStore: request.heavyStore ?? false })),
    );
    const { run, memory } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
    if (typeof run !== "function" || !(memory instanceof WebAssembly.Memory)) throw new Error("no function");
    new Float32Array(memory.buffer, a, m * k).fill(1);
    new Float32Array(memory.buffer, b, k * n).fill(0.5);
    for (let thread = 0; thread < 2; thread++) run(thread, 2);
    return { times: [...new Int32Array(memory.buffer, counts, m * n)], values: new Float32Array(memory.buffer, values, m * n) };
  }

  it.each(transpositions)("receives every element once: %o", (transposed) => {
    for (const [m, n, k] of [[1, 1, 1], [1, 9, 5], [13, 10, 7], [6, 8, 4], [17, 33, 3], [20, 30, 40]] as const) {
      for (const heavyStore of [false, true]) {
        for (const plan of [undefined, inBlocks({ m, n, k, ...transposed })]) {
          const { times, values } = storedTimes({ m, n, k, ...transposed, heavyStore, plan });
          expect(times).toEqual(Array.from({ length: m * n }, () => 1));
          expect(values.every((value) => value === k)).toBe(true);
        }
      }
    }
  });

  it("needs an address for the product, or `store`", () => {
    const module = new ModuleBuilder({ memory: {} });
    const zero = { address: i32.const(0) };
    expect(() =>
      module.function({ name: "product" }, (b) => emitMatmul(b, { m: 1, n: 1, k: 1, a: zero, b: zero, fusedMultiplyAdd: false })),
    ).toThrowErrorMatchingInlineSnapshot(`[AssemblerError: emitMatmul: expected \`c\`, where the product goes, or \`store\`, got neither]`);
  });
});

describe("planMatmul", () => {
  const methodOf = (m: number, k: number, n: number, transposeA: boolean, transposeB: boolean): string =>
    planMatmul({ m, n, k, transposeA, transposeB }).method;

  it("uses small operands in place, and packs large ones", () => {
    expect(methodOf(64, 784, 128, false, true)).toBe("dot");
    expect(methodOf(64, 10, 128, false, false)).toBe("outer");
    expect(methodOf(128, 64, 784, true, false)).toBe("outer");
    expect(methodOf(512, 512, 512, false, true)).toBe("blocked");
    expect(methodOf(512, 128, 784, true, false)).toBe("blocked");
    expect(methodOf(1, 4096, 4096, false, true)).toBe("dot");
  });

  it("reads rows in the length in which they are stored, whatever the transposition", () => {
    expect(methodOf(1, 300, 40, true, true)).toBe("dot");
    expect(methodOf(40, 300, 1, false, false)).toBe("dot");
  });
});
