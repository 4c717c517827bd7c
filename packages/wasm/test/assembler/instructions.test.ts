import { describe, expect, test } from "vitest";
import type { Expr } from "../../src/assembler/expression.js";
import type { FunctionBuilder } from "../../src/assembler/function-builder.js";
import type { Immediate, Instruction } from "../../src/assembler/instruction.js";
import { instruction, instructions } from "../../src/assembler/instructions/table.js";
import { ModuleBuilder } from "../../src/assembler/module-builder.js";
import { f32, f64, i32, i64, v128 } from "../../src/assembler/operators.js";
import * as operators from "../../src/assembler/operators.js";
import type { ValueType } from "../../src/assembler/types.js";
import { wasmFeatures } from "../../src/detect-features.js";
import { combinations, encode, samples } from "./samples.js";
import { fromIntegers, type Lane, readFloat, readInteger, Trap, type Truth, type Value } from "./truth/lanes.js";
import { memoryTruths, type MemoryTruth } from "./truth/memory.js";
import { isAnyNumber, relaxedSimdTruths } from "./truth/relaxed-simd.js";
import { scalarTruths } from "./truth/scalar.js";
import { simdTruths } from "./truth/simd.js";

/** Operands of a case lie at 0, 16, 32; the result goes to 48. Memory instructions work on 256 .. 511. */
const resultAddress = 48;
const regionAddress = 256;

const names = [...instructions.keys()];
const load = {
  i32: (address: number) => i32.load(address),
  i64: (address: number) => i64.load(address),
  f32: (address: number) => f32.load(address),
  f64: (address: number) => f64.load(address),
  v128: (address: number) => v128.load(address),
};

/** The function of the public interface that stands for an instruction: `f32x4.add`, or `b.f32.store`. */
function lookUp(root: object, name: string): (...values: readonly unknown[]) => Expr<ValueType> | undefined {
  let found: unknown = root;
  for (const part of name.split("."))
    found = typeof found === "object" && found !== null ? Reflect.get(found, part) : undefined;
  if (typeof found !== "function") throw new Error(`there is no function ${name}`);
  return (...values) => Reflect.apply(found, undefined, values);
}

interface Case {
  readonly name: string;
  readonly exported: string;
  readonly immediates: readonly unknown[];
}

function store(b: FunctionBuilder<"void">, value: Expr<ValueType>): void {
  lookUp(b, `${value.type}.store`)(resultAddress, value);
}

function defineCase(module: ModuleBuilder, { name, exported, immediates }: Case): void {
  const row = instruction(name);
  module.function({ name: exported, export: true }, (b) => {
    // Locals, not loads in place: the baseline compiler of V8 11.3 (Node 20) loses the third operand of
    // i32x4.relaxed_dot_i8x16_i7x16_add_s when it is a temporary.
    const operands = row.operands.map((type, at) => b.let<ValueType>(load[type](16 * at)));
    if (row.result === "void") {
      lookUp(b, name)(...operands, ...immediates);
      return;
    }
    const value = lookUp(operators, name)(...operands, ...immediates);
    if (value === undefined) throw new Error(`${name} gave no expression`);
    expect(value.type).toBe(row.result);
    store(b, value);
  });
}

/** The thread of a page that shows it may not wait: there the instructions trap. */
const mayWait = typeof document === "undefined";

class Machine {
  readonly bytes: Uint8Array;
  readonly #exports: WebAssembly.Exports;

  constructor(cases: readonly Case[]) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared: true });
    const module = new ModuleBuilder({ memory: { import: ["env", "memory"], initial: 1, maximum: 4, shared: true } });
    for (const each of cases) defineCase(module, each);
    this.bytes = new Uint8Array(memory.buffer);
    this.#exports = new WebAssembly.Instance(new WebAssembly.Module(module.finish()), { env: { memory } }).exports;
  }

  /** Runs a case; `false` if it trapped. */
  run(exported: string, types: readonly ValueType[], operands: readonly Value[]): boolean {
    operands.forEach((operand, at) => this.bytes.set(encode(types[at] ?? "i32", operand), 16 * at));
    const run = this.#exports[exported];
    if (typeof run !== "function") throw new Error(`${exported} is not exported`);
    try {
      run();
      return true;
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) return false;
      throw error;
    }
  }

  get result(): Uint8Array {
    return this.bytes.slice(resultAddress, resultAddress + 16);
  }
}

/** How results are compared: floats by value with any NaN equal to any other, everything else by its bits. */
function resultLane(name: string, type: ValueType): Lane {
  if (type !== "v128") return type;
  if (name.startsWith("f32x4") && !/\.(eq|ne|lt|gt|le|ge)$/.test(name)) return "f32";
  if (name.startsWith("f64x2") && !/\.(eq|ne|lt|gt|le|ge)$/.test(name)) return "f64";
  if (/^i16x8.*(dot|q15)/.test(name)) return "i16";
  return name.startsWith("i32x4") ? "i32" : "i8";
}

function lanesOf(bytes: Uint8Array, lane: Lane, count: number): (bigint | number)[] {
  const float = lane === "f32" || lane === "f64";
  return Array.from({ length: count }, (_, at) => (float ? readFloat(bytes, lane, at) : readInteger(bytes, lane, at)));
}

/** What is wrong with a result, in words; nothing if it is right. */
function mistakes(
  name: string,
  type: ValueType,
  actual: Uint8Array,
  truth: Value | readonly Uint8Array[],
  operands: readonly Value[],
): string[] {
  const lane = resultLane(name, type);
  const count = type === "v128" ? 128 / Number(lane.slice(1)) : 1;
  const allowed = Array.isArray(truth) ? truth : [truth];
  const got = lanesOf(actual, lane, count);
  const expected = allowed.map((value: Value) => lanesOf(encode(type, value), lane, count));
  const isFree = (at: number): boolean => isAnyNumber(name) && expected.some((lanes) => lanes[at] !== expected[0]?.[at]);
  const right = got.every((value, at) => isFree(at) || expected.some((lanes) => Object.is(lanes[at], value)));
  return right
    ? []
    : [`${name}(${operands.join("; ")}) gave ${got.join()}, expected ${expected.map(String).join(" or ")}`];
}

/** Lane immediates to try: every one. */
function lanesToTry(immediate: Immediate): number[] {
  return Array.from({ length: immediate.lanes ?? 1 }, (_, lane) => lane);
}

/** Runs instructions that do not touch memory on all combinations of samples: the mistakes they make. */
function pureMistakes(truths: readonly (readonly [string, Truth])[]): string[] {
  const cases = truths.flatMap(([name, truth]) => {
    const row = instruction(name);
    return lanesToTry(row.immediate).map((lane) => {
      return {
        name,
        truth,
        row,
        lane,
        exported: `${name}/${lane}`,
        immediates: row.immediate.lanes === undefined ? [] : [lane],
      };
    });
  });
  const machine = new Machine(cases);
  return cases.flatMap(({ name, truth, row, lane, exported }) =>
    combinations(row.operands).flatMap((operands) => {
      const trapped = !machine.run(exported, row.operands, operands);
      const expected = unlessTrap(() => truth(operands, lane));
      if (expected === undefined || trapped) {
        return trapped && expected === undefined
          ? []
          : [`${name}(${operands.join("; ")}) should ${trapped ? "not " : ""}trap`];
      }
      return row.result === "void" ? [] : mistakes(name, row.result, machine.result, expected, operands);
    }),
  );
}

function unlessTrap<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Trap) return undefined;
    throw error;
  }
}

const special = [
  "i32.const",
  "i64.const",
  "f32.const",
  "f64.const",
  "v128.const",
  "i8x16.shuffle",
  "memory.size",
  "memory.grow",
  "memory.copy",
  "memory.fill",
  "atomic.fence",
];

test("every instruction of the table has an expected result, and every expected result an instruction", () => {
  const truths = [scalarTruths(), simdTruths(), relaxedSimdTruths(), memoryTruths()].flatMap((rows) =>
    rows.map(([name]) => name),
  );
  expect([...truths, ...special].toSorted()).toEqual(names.toSorted());
});

describe("instructions give the results of the specification", () => {
  test("scalar", () => expect(pureMistakes(scalarTruths())).toEqual([]));
  test("SIMD", () => expect(pureMistakes(simdTruths())).toEqual([]));
  test.runIf(wasmFeatures().relaxedSimd)("relaxed SIMD", () => expect(pureMistakes(relaxedSimdTruths())).toEqual([]));

  test("shuffle", () => {
    const lanes = [0, 31, 16, 15, 1, 1, 30, 2, 17, 18, 3, 4, 29, 5, 6, 8];
    const machine = new Machine([{ name: "i8x16.shuffle", exported: "shuffle", immediates: [lanes] }]);
    for (const [a, b] of combinations(["v128", "v128"])) {
      if (!(a instanceof Uint8Array && b instanceof Uint8Array)) continue;
      machine.run("shuffle", ["v128", "v128"], [a, b]);
      const both = [...a, ...b];
      expect([...machine.result]).toEqual(lanes.map((lane) => both[lane]));
    }
  });

  test.each(["i32", "i64", "f32", "f64", "v128"] as const)("%s.const", (type) => {
    const values = [
      ...samples[type],
      ...(type === "i32" ? [2 ** 32 - 1, 63, 64, -64, -65] : []),
      ...(type === "i64" ? [2n ** 64n - 1n, 63n, 64n, -64n, -65n] : []),
    ];
    const module = new ModuleBuilder({ memory: { export: "memory" } });
    values.forEach((value, at) => {
      module.function({ name: `case${at}`, export: true }, (b) => {
        const constant = lookUp(operators, `${type}.const`)(value);
        if (constant !== undefined) store(b, constant);
      });
    });
    const { memory, ...cases } = new WebAssembly.Instance(new WebAssembly.Module(module.finish())).exports;
    values.forEach((value, at) => {
      const run = cases[`case${at}`];
      if (typeof run !== "function" || !(memory instanceof WebAssembly.Memory)) throw new Error("not exported");
      run();
      const result = new Uint8Array(memory.buffer.slice(resultAddress, resultAddress + 16));
      expect(mistakes(`${type}.const`, type, result, value, [value])).toEqual([]);
    });
  });

  test("loads, stores and atomics, at an offset and unaligned", () => {
    const truths = new Map<string, MemoryTruth>(memoryTruths());
    const cases = names
      .filter((name) => truths.has(name))
      .flatMap((name) => {
        const row = instruction(name);
        const { lanes, align = 1 } = row.immediate;
        const accesses =
          row.feature === "threads"
            ? [undefined, { offset: 16 }, { offset: 8, align }]
            : [undefined, { offset: 5 }, { offset: 300 - 256, align: 1 }];
        return accesses.flatMap((access, at) =>
          lanesToTry(row.immediate).map((lane) => ({
            name,
            row,
            lane,
            offset: access?.offset ?? 0,
            exported: `${name}/${lane}/${at}`,
            immediates: lanes === undefined ? [access] : [lane, access],
          })),
        );
      });
    const machine = new Machine(cases);
    const pattern = Uint8Array.from({ length: 256 }, (_, at) => (at * 151 + (at >> 3) * 17) & 0xff);
    const region = machine.bytes.subarray(regionAddress, regionAddress + 256);
    for (const { name, row, lane, offset, exported } of cases) {
      const truth = truths.get(name);
      const unaligned = row.feature === "threads" ? 0 : 3;
      for (const address of [0, 8, 24 + unaligned]) {
        const stored = pattern.slice(address + offset, address + offset + 16);
        const matching = [Number(readInteger(stored, "i32", 0)), readInteger(stored, "i64", 0)];
        for (const drawn of memoryOperands(row.operands.slice(1), matching)) {
          const operands = name.includes("cmpxchg") ? fitted(drawn, row) : drawn;
          const expectedBytes = pattern.slice();
          const expected = truth?.(expectedBytes, address + offset, operands, lane);
          region.set(pattern);
          // Where this thread may not sleep, some engines trap before they look whether it would, others after.
          const ran = machine.run(exported, row.operands, [regionAddress + address, ...operands]);
          expect(ran || (name.includes("wait") && !mayWait), `${name} runs`).toBe(true);
          if (!ran) continue;
          const wrong =
            row.result === "void" || expected === undefined
              ? []
              : mistakes(name, row.result, machine.result, expected, operands);
          expect(wrong).toEqual([]);
          expect(region.every((byte, at) => byte === expectedBytes[at]), `${name} at ${address} + ${offset}`).toBe(true);
        }
      }
    }
  });

  test("memory.size, grow, fill, copy and atomic.fence", () => {
    const all = (["memory.size", "memory.grow", "memory.copy", "memory.fill", "atomic.fence"] as const).map((name) => ({
      name,
      exported: name,
      immediates: [],
    }));
    const machine = new Machine(all);
    const result = () => Number(readInteger(machine.result, "i32", 0));
    machine.run("memory.size", [], []);
    expect(result()).toBe(1);
    machine.run("memory.grow", ["i32"], [2]);
    expect(result()).toBe(1);
    machine.run("memory.size", [], []);
    expect(result()).toBe(3);
    machine.run("memory.grow", ["i32"], [2]);
    expect(result()).toBe(-1);
    const operands = ["i32", "i32", "i32"] as const;
    machine.bytes.set([1, 2, 3, 4, 5], 300);
    machine.run("memory.copy", operands, [302, 300, 5]);
    expect(machine.bytes.slice(300, 308)).toEqual(Uint8Array.of(1, 2, 1, 2, 3, 4, 5, 0));
    machine.run("memory.fill", operands, [301, 0x1ff, 3]);
    expect(machine.bytes.slice(300, 305)).toEqual(Uint8Array.of(1, 255, 255, 255, 3));
    expect(machine.run("memory.fill", operands, [-1, 0, 3])).toBe(false);
    expect(machine.run("atomic.fence", [], [])).toBe(true);
  });
});

/** Operands after the address; `matching` are what memory holds there, for the instructions that compare with it. */
function memoryOperands(types: readonly ValueType[], matching: readonly Value[]): Value[][] {
  const few = (type: ValueType): readonly Value[] =>
    type === "i32"
      ? [...samples.i32.slice(0, 2), 0x12345678, -123456789, matching[0] ?? 0]
      : type === "i64"
        ? [0n, 1000n, 0x1234_5678_9abc_def0n, -5n, matching[1] ?? 0n]
        : type === "v128"
          ? [Uint8Array.from({ length: 16 }, (_, at) => 200 - 3 * at), fromIntegers("i64", [-1n, 0n])]
          : [0, -1.5, 3.25e10, Infinity];
  const [first, second] = types;
  if (first === undefined) return [[]];
  if (second === undefined) return few(first).map((a) => [a]);
  // The last operand of a wait is its timeout in nanoseconds: keep it short.
  return few(first).flatMap((a) =>
    (second === "i64" && types.length === 2 ? [0n, 1000n] : few(second)).map((b) => [a, b]),
  );
}

/** Engines differ on an expected value that is wider than the memory that `cmpxchg` compares it with: not tried. */
function fitted([expected = 0, replacement = 0]: readonly Value[], { immediate, operands }: Instruction): Value[] {
  const bits = 8 * (immediate.align ?? 1);
  if (operands[1] === "i64") return [BigInt.asIntN(64, BigInt.asUintN(bits, BigInt(String(expected)))), replacement];
  return [Number(BigInt.asIntN(32, BigInt.asUintN(bits, BigInt(String(expected))))), replacement];
}
