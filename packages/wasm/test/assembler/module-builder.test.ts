import { describe, expect, test } from "vitest";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { f32, f32x4, i32, i64, i8x16, v128 } from "../../src/assembler/operators.js";
import { instantiate } from "./run.js";

describe("memory", () => {
  test("own and exported", () => {
    const module = new ModuleBuilder({ memory: { export: "ram", initial: 2, maximum: 3 } });
    module.function({ name: "f", export: "store" }, (b) => b.f32.store(8, f32.const(1.5), { offset: 4 }));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.finish()));
    const { ram, store } = exports;
    if (!(ram instanceof WebAssembly.Memory) || typeof store !== "function") throw new Error("not exported");
    store();
    expect(ram.buffer.byteLength).toBe(2 * 65536);
    expect(new Float32Array(ram.buffer)[3]).toBe(1.5);
    expect(() => ram.grow(2)).toThrow(RangeError);
  });

  test.each([true, false])("imported, shared: %s", (shared) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 10, shared });
    const module = new ModuleBuilder({ memory: { import: ["env", "memory"], shared, maximum: 10 } });
    module.function({ name: "peek", params: { at: "i32" }, result: "i32", export: true }, (_, { at }) =>
      i32.load8_u(at),
    );
    new Uint8Array(memory.buffer)[77] = 200;
    expect(instantiate(module, { env: { memory } })["peek"]?.(77)).toBe(200);
    expect(module.features).toEqual(shared ? ["threads"] : []);
  });

  test("limits out of order, and an instruction without a memory, are refused", () => {
    expect(() => new ModuleBuilder({ memory: { initial: 2, maximum: 1 } }).finish()).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: ModuleBuilder: expected a memory of 0 <= initial <= maximum <= 65536 pages, got initial 2, maximum 1]`,
    );
    expect(() =>
      new ModuleBuilder().function({ name: "f", result: "i32" }, () => i32.load(0)),
    ).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: i32.load: this module has no memory; give ModuleBuilder the option \`memory\`]`,
    );
  });
});

describe("modules", () => {
  test("an empty module is valid", () => {
    expect(WebAssembly.validate(new ModuleBuilder().finish())).toBe(true);
  });

  test("the same program gives the same bytes, and may be continued after finish", () => {
    const build = (): ModuleBuilder => {
      const module = new ModuleBuilder({ memory: {} });
      module.function({ name: "f", export: true, result: "i32" }, () => i32.load(0));
      return module;
    };
    const module = build();
    const first = module.finish();
    expect(build().finish()).toEqual(first);
    module.function({ name: "g", export: true, result: "i32" }, () => 7);
    expect(instantiate(module)["g"]?.()).toBe(7);
  });

  test("large bodies, many locals, many functions and names in Unicode", () => {
    const module = new ModuleBuilder();
    for (let k = 0; k < 300; k++) {
      module.function({ name: `größe ${k} ✓`, params: { x: "i32" }, result: "i32", export: true }, (b, { x }) => {
        const locals = Array.from({ length: 200 }, (_, at) =>
          at % 3 === 0 ? b.let(f32.const(at)) : b.let(i32.add(x, at + k)),
        );
        const last = locals.at(-1);
        return last?.type === "f32" ? i32.trunc_f32_s(last.type === "f32" ? f32.const(0) : 0) : i32.add(x, 199 + k);
      });
    }
    expect(instantiate(module)["größe 299 ✓"]?.(1)).toBe(1 + 199 + 299);
  });

  test("a trap names its function", () => {
    const module = new ModuleBuilder({ memory: {} });
    module.function({ name: "softmax_17", params: { at: "i32" }, result: "f32", export: true }, (_, { at }) =>
      f32.load(at),
    );
    let stack = "";
    try {
      instantiate(module)["softmax_17"]?.(-4);
    } catch (error) {
      stack = error instanceof Error ? String(error.stack) : "";
    }
    expect(stack).toContain("softmax_17");
  });

  test("features in use are reported, and others refused", () => {
    const module = new ModuleBuilder({ features: ["simd"] });
    module.function({ name: "f", result: "f32" }, () => f32x4.extract_lane(f32x4.const(1, 2, 3, 4), 2));
    expect(module.features).toEqual(["simd"]);
    const fused = (): unknown =>
      module.function({ name: "g", result: "v128" }, () =>
        f32x4.relaxed_madd(f32x4.const(1), f32x4.const(1), f32x4.const(1)),
      );
    expect(fused).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: f32x4.relaxed_madd needs relaxed-simd, which this module may not use (allowed features: simd)]`,
    );
    expect(() =>
      new ModuleBuilder({ features: [] }).function({ name: "g", result: "v128" }, () => f32x4.const(1)),
    ).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: v128.const needs simd, which this module may not use (allowed features: none)]`,
    );
  });

  test("a name can be exported only once", () => {
    const module = new ModuleBuilder({ memory: { export: "x" } });
    expect(() => module.function({ name: "x", export: true }, () => undefined)).toThrowErrorMatchingInlineSnapshot(
      `[AssemblerError: export: the name "x" is exported already]`,
    );
  });
});

test("immediates and constants out of range are refused at once", () => {
  const vector = f32x4.const(1, 2, 3, 4);
  const messages = [
    () => f32x4.extract_lane(vector, 4),
    () => v128.load32_lane(0, vector, -1),
    () => i8x16.shuffle(vector, vector, [0, 1, 2]),
    () => i8x16.shuffle(vector, vector, new Array<number>(16).fill(32)),
    () => i32.load(0, { offset: -4 }),
    () => i32.load(0, { align: 8 }),
    () => i32.load(0, { align: 3 }),
    () => i32.atomic.load(0, { align: 2 }),
    () => i32.const(1.5),
    () => i32.add(2 ** 32, 1),
    () => v128.const([1, 2, 3]),
    () => f32x4.const(1, 2),
  ].map((build) => {
    try {
      build();
      return "no error";
    } catch (error) {
      return String(error);
    }
  });
  expect(messages).toMatchInlineSnapshot(`
    [
      "AssemblerError: f32x4.extract_lane: expected a lane in 0 .. 3, got 4",
      "AssemblerError: v128.load32_lane: expected a lane in 0 .. 3, got -1",
      "AssemblerError: i8x16.shuffle: expected 16 lane indices in 0 .. 31, got [0,1,2]",
      "AssemblerError: i8x16.shuffle: expected 16 lane indices in 0 .. 31, got [32,32,32,32,32,32,32,32,32,32,32,32,32,32,32,32]",
      "AssemblerError: i32.load: expected an offset of whole bytes in 0 .. 2^32-1, got -4",
      "AssemblerError: i32.load: expected an alignment of a power of two up to 4 bytes, got 8",
      "AssemblerError: i32.load: expected an alignment of a power of two up to 4 bytes, got 3",
      "AssemblerError: i32.atomic.load: expected an alignment of exactly 4 bytes, got 2",
      "AssemblerError: i32.const: expected an integer in -2^31 .. 2^32-1, got 1.5",
      "AssemblerError: i32.add: expected an integer in -2^31 .. 2^32-1, got 4294967296",
      "AssemblerError: v128.const: expected 16 bytes, got 1,2,3",
      "AssemblerError: f32x4.const: expected 1 or 4 numbers, got 2",
    ]
  `);
});

test("operands of a wrong type do not compile, and are refused at run time", () => {
  const float = f32.const(1);
  // @ts-expect-error -- an f32 where an i32 belongs
  expect(() => i32.add(float, 1)).toThrowErrorMatchingInlineSnapshot(
    `[AssemblerError: i32.add: expected a value of type i32, got an expression of type f32]`,
  );
  // @ts-expect-error -- a number where a vector belongs
  expect(() => f32x4.add(1, f32x4.const(1))).toThrow("f32x4.add");
  // @ts-expect-error -- a number where a bigint belongs
  expect(() => i64.add(i64.const(1), 1n)).toThrow("i64.const");
  // @ts-expect-error -- too few operands
  expect(() => f32x4.relaxed_madd(f32x4.const(1), f32x4.const(1))).toThrow("f32x4.relaxed_madd");
  const module = new ModuleBuilder();
  // @ts-expect-error -- the result must be an i32
  expect(() => module.function({ name: "f", result: "i32" }, () => float)).toThrow(
    "function: result: expected a value of type i32",
  );
  // @ts-expect-error -- a function with a result must return it
  expect(() => module.function({ name: "f", result: "i32" }, () => undefined)).toThrowErrorMatchingInlineSnapshot(`[AssemblerError: function: expected the body to return its result (i32), got nothing]`);
  // @ts-expect-error -- there is no parameter y
  module.function({ name: "f", params: { x: "i32" } }, (b, { x, y }) => b.drop(y ?? x));
});
