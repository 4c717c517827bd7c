import { at, type Buffer, type LibraryKernel } from "@nn/compiler/target";
import { sizeOf, stridesOf } from "@nn/tensor/extend";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buffer } from "../matmul/kernels.js";
import { runKernel, type Contents } from "../run-kernel.js";
import { targets } from "../targets.js";

interface Case {
  /** The shape of the sums; the updates have it too, but along the axis. */
  readonly shape: readonly number[];
  readonly axis: number;
  /** The updates along the axis. */
  readonly count: number;
  /** Whether the index has size 1 on each other axis. */
  readonly broadcasts: readonly boolean[];
  readonly base: boolean;
  readonly dtype: "float32" | "int32";
}

interface Scatter {
  readonly kernel: LibraryKernel<"scatterAdd">;
  readonly updates: Buffer;
  readonly index: Buffer;
  readonly base: Buffer | undefined;
}

const faultNumber = 5;

function scatterOf({ shape, axis, count, broadcasts, base, dtype }: Case): Scatter {
  const updates = buffer(shape.map((size, each) => (each === axis ? count : size)), dtype);
  const index = buffer(updates.shape.map((size, each) => (each !== axis && broadcasts[each] === true ? 1 : size)), "int32");
  const start = base ? buffer(shape, dtype) : undefined;
  const check = { fault: { id: faultNumber, error: () => new Error("an index is out of range") }, size: at(shape, axis), of: undefined };
  const inputs = [...(start === undefined ? [] : [start]), index, updates];
  return { updates, index, base: start, kernel: { kind: "library", primitive: "scatterAdd", attributes: { axis }, inputs, output: buffer(shape, dtype), check, epilogue: undefined, label: "scatterAdd" } };
}

/** Small numbers, so that sums of whole numbers and of float32 in any precision are exact; those of `fractions` are rounded. */
function elements({ shape, dtype }: Buffer, salt: number, fractions = false): Float32Array | Int32Array {
  const of = (_: unknown, i: number): number => (((Math.imul(i + salt, 2_654_435_761) >>> 8) % 31) - 15) * (fractions ? 0.1 : 1);
  return dtype === "int32" ? Int32Array.from({ length: sizeOf(shape) }, of) : Float32Array.from({ length: sizeOf(shape) }, of);
}

const chosen = ({ shape }: Buffer, size: number): Int32Array => Int32Array.from({ length: sizeOf(shape) }, (_, i) => (Math.imul(i + 3, 40_503) >>> 4) % size);

function contentsOf({ updates, index, base, kernel: { check } }: Scatter, fractions = false): Contents {
  return new Map([[updates, elements(updates, 1, fractions)], [index, chosen(index, check?.size ?? 1)], ...(base === undefined ? [] : [[base, elements(base, 2, fractions)] as const])]);
}

/** The sums of updates, one after another; in float32 if so many are rounded each time. */
function reference({ updates, index, base, kernel: { output, attributes: { axis } } }: Scatter, before: Contents, round: (x: number) => number): number[] {
  const [values, positions] = [before.get(updates) ?? [], before.get(index) ?? []];
  const sums = base === undefined ? new Array<number>(sizeOf(output.shape)).fill(0) : [...(before.get(base) ?? [])];
  const [strides, indexStrides, outer] = [stridesOf(output.shape), stridesOf(index.shape), stridesOf(updates.shape)];
  for (let element = 0; element < sizeOf(updates.shape); element++) {
    const indices = outer.map((stride, each) => Math.floor(element / stride) % at(updates.shape, each));
    const position = indices.reduce((sum, each, along) => sum + (index.shape[along] === 1 ? 0 : each * at(indexStrides, along)), 0);
    const target = indices.reduce((sum, each, along) => sum + (along === axis ? (positions[position] ?? 0) : each) * at(strides, along), 0);
    sums[target] = round((sums[target] ?? 0) + (values[element] ?? 0));
  }
  return sums;
}

const cases: fc.Arbitrary<Case> = fc.record({ shape: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }), axis: fc.nat(2), count: fc.nat(25), broadcasts: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), base: fc.boolean(), dtype: fc.constantFrom("float32", "int32") })
  .map((example) => ({ ...example, axis: example.axis % example.shape.length }));

const embedding: Case = { shape: [11, 37], axis: 0, count: 64, broadcasts: [false, true], base: false, dtype: "float32" };

describe.each(targets)("scatterAdd with $name", (target) => {
  it("adds updates of any shape, and writes nothing else", () => {
    fc.assert(fc.property(cases, fc.integer({ min: 1, max: 3 }), (example, threads) => {
      const scatter = scatterOf(example);
      const before = contentsOf(scatter);
      expect([...(runKernel(target, scatter.kernel, before, { threads }).get(scatter.kernel.output) ?? [])]).toEqual(reference(scatter, before, Math.fround));
    }), { numRuns: 80 });
  });

  it.each([[1024, Math.fround], [1025, (x: number): number => x]])("adds %i updates along the axis one after another in float32, and more in float64", (count, round) => {
    for (const example of [{ ...embedding, count }, { ...embedding, count, base: true }, { ...embedding, shape: [3], axis: 0, count, broadcasts: [] }, { ...embedding, shape: [5, 3], axis: 1, count, broadcasts: [true], base: true }]) {
      const scatter = scatterOf(example);
      const before = contentsOf(scatter, true);
      expect([...(runKernel(target, scatter.kernel, before).get(scatter.kernel.output) ?? [])]).toEqual(reference(scatter, before, round).map(Math.fround));
    }
  });

  const large: readonly Case[] = [
    { ...embedding, count: 1025 }, { ...embedding, count: 1025, base: true }, { ...embedding, shape: [40, 100], count: 400, dtype: "int32" },
    { ...embedding, shape: [3, 20, 70], axis: 1, count: 200, broadcasts: [false, false, true], base: true }, { ...embedding, shape: [2500, 17], count: 3 },
    { ...embedding, shape: [8, 5, 900], axis: 2, count: 300, broadcasts: [false, false, false] }, { ...embedding, shape: [21, 500], axis: 1, count: 1025, broadcasts: [true], base: true },
    { ...embedding, shape: [12, 40, 30], axis: 1, count: 60, broadcasts: [false, false, true], dtype: "int32" },
  ];

  it.each(large)("has the same bits on any number of threads, which divide the first axis or the columns: %j", (example) => {
    const scatter = scatterOf(example);
    const before = contentsOf(scatter, example.dtype === "float32");
    const alone = runKernel(target, scatter.kernel, before).get(scatter.kernel.output);
    expect([...(alone ?? [])]).toEqual(reference(scatter, before, example.count > 1024 ? (x) => x : Math.fround).map(Math.fround));
    for (const threads of [2, 3, 7]) expect(runKernel(target, scatter.kernel, before, { threads }).get(scatter.kernel.output)).toEqual(alone);
    before.get(scatter.index)?.set([-1], 2);
    expect(() => runKernel(target, scatter.kernel, before, { threads: 3 })).toThrow(`fault ${faultNumber} with -1 and 2`);
  });

  it("adds NaN and infinities", () => {
    const scatter = scatterOf({ ...embedding, shape: [2, 3], count: 3 });
    const before: Contents = new Map<Buffer, Float32Array | Int32Array>([[scatter.updates, Float32Array.of(NaN, Infinity, 1, 2, -Infinity, -0, 3, 4, 5)], [scatter.index, Int32Array.of(0, 0, 1)]]);
    expect([...(runKernel(target, scatter.kernel, before).get(scatter.kernel.output) ?? [])]).toEqual([NaN, NaN, 1, 3, 4, 5]);
  });

  it.each([11, -1, 2 ** 31 - 1, -(2 ** 31)])("reports the index %i, and the first of several", (wrong) => {
    for (const example of [embedding, { ...embedding, broadcasts: [] }, { ...embedding, shape: [3, 11], axis: 1 }]) {
      const scatter = scatterOf(example);
      const before = contentsOf(scatter);
      const index = before.get(scatter.index);
      index?.set([wrong, 12], 17);
      expect(() => runKernel(target, scatter.kernel, before)).toThrow(`fault ${faultNumber} with ${wrong} and 17`);
    }
  });
});
