import { describe, expect, it } from "vitest";
import { Phases, reloads } from "../../src/ir/phases.js";
import type { Affine } from "../../src/ir/affine.js";
import type { Buffer, ElementwisePrimitive, ReductionKind, Store, Value } from "../../src/ir/program.js";

const dtype = "float32";
let buffers = 0;
const buffer = (...shape: number[]): Buffer => ({ id: buffers++, shape, dtype, role: { kind: "temporary" } });
const x = buffer(4, 5);
/** Rows and columns: sums run over the columns. */
const reduced = [false, true];
const element: Affine = { offset: 0, coefficients: [5, 1] };
const row: Affine = { offset: 0, coefficients: [1, 0] };
const load: Value = { kind: "load", dtype, buffer: x, at: element };
const apply = (primitive: ElementwisePrimitive, ...inputs: Value[]): Value => ({ kind: "apply", dtype, primitive, inputs, scalarFunction: undefined, fault: undefined });
const reduce = (reduction: ReductionKind, input: Value): Value => ({ kind: "reduce", dtype, reduction, input });
const store = (value: Value, at: Affine): Store => ({ buffer: buffer(4, 5), at, value });

describe("the phases of a loop nest", () => {
  it("are one without reductions", () => {
    const phases = new Phases({ reduced: [false, false], stores: [store(apply("exp", load), element)] });
    expect(phases.count).toBe(1);
    expect(phases.stage(load)).toEqual({ phase: 0, inner: false });
    expect(phases.reductions).toEqual([]);
  });

  it("are three for softmax: the maximum, the sum, the quotients", () => {
    const largest = reduce("max", load);
    const powers = apply("exp", apply("sub", load, largest));
    const sum = reduce("sum", powers);
    const quotient = apply("div", powers, sum);
    const phases = new Phases({ reduced, stores: [store(quotient, element)] });
    expect(phases.count).toBe(3);
    expect(phases.stage(load)).toEqual({ phase: 0, inner: true });
    expect(phases.stage(largest)).toEqual({ phase: 1, inner: false });
    expect(phases.stage(powers)).toEqual({ phase: 1, inner: true });
    expect(phases.stage(sum)).toEqual({ phase: 2, inner: false });
    expect(phases.stage(quotient)).toEqual({ phase: 2, inner: true });
    expect(phases.reductions).toEqual([largest, sum]);
  });

  it("end with the last reduction if only that is stored", () => {
    const sum = reduce("sum", load);
    expect(new Phases({ reduced, stores: [store(sum, row)] }).count).toBe(1);
    expect(new Phases({ reduced, stores: [store(apply("sqrt", sum), row)] }).count).toBe(1);
    expect(new Phases({ reduced, stores: [store(sum, element)] }).count).toBe(2);
  });

  it("store in the inner loop values that differ between its iterations by value or position", () => {
    const constant: Value = { kind: "constant", dtype, value: 1 };
    const phases = new Phases({ reduced, stores: [] });
    expect(phases.storeStage(store(constant, row))).toEqual({ phase: 0, inner: false });
    expect(phases.storeStage(store(constant, element))).toEqual({ phase: 0, inner: true });
    expect(phases.storeStage(store(load, row))).toEqual({ phase: 0, inner: true });
  });

  it("look into gathers, whose position and index may vary", () => {
    const index = { kind: "checked", dtype: "int32", index: { kind: "load", dtype: "int32", buffer: x, at: element }, position: undefined, whole: false, check: { fault: { id: 0, error: () => new Error("") }, size: 5, of: undefined } } as const;
    const phases = new Phases({ reduced, stores: [] });
    expect(phases.stage({ kind: "gather", dtype, buffer: x, at: row, stride: 1, index })).toEqual({ phase: 0, inner: true });
    expect(phases.stage({ kind: "gather", dtype, buffer: x, at: row, stride: 1, index: { ...index, index: { kind: "constant", dtype: "int32", value: 2 } } })).toEqual({ phase: 0, inner: false });
  });
});

describe("a later pass", () => {
  it("reads back costly values that were stored, and computes the others again", () => {
    const powers = apply("exp", load);
    const halves = apply("mul", load, load);
    const sum = reduce("sum", apply("add", powers, halves));
    const stores = [store(powers, element), store(halves, element), store(apply("div", apply("add", powers, halves), sum), element)];
    const again = reloads({ reduced, stores }, new Phases({ reduced, stores }));
    expect([...again]).toEqual([[powers, stores[0]]]);
  });

  it("reads back nothing if nothing is stored", () => {
    const powers = apply("exp", load);
    const stores = [store(powers, element), store(reduce("sum", powers), row)];
    expect(reloads({ reduced, stores }, new Phases({ reduced, stores })).size).toBe(0);
  });
});
