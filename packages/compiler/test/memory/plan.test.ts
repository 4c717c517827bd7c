import { describe, expect, it } from "vitest";
import { gather, matmul, normal, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import type { TensorType } from "@nn/tensor/interpreter";
import { at } from "../../src/ir/at.js";
import type { Program } from "../../src/ir/program.js";
import { lower } from "../../src/lower/lower.js";
import { planMemory, reservedBytes, type MemoryPlan } from "../../src/memory/plan.js";
import { validatePlan } from "../../src/memory/validate-plan.js";
import { removeCoveredChecks } from "../../src/passes/covered-checks.js";
import { simplify } from "../../src/passes/simplify.js";
import { trace } from "../../src/trace/trace.js";

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: "float32" });
const programOf = (types: readonly TensorType[], fn: (...inputs: Tensor[]) => readonly Tensor[]): Program =>
  lower(removeCoveredChecks(simplify(trace(types, (inputs) => fn(...inputs), (result) => result).graph)));

function planned(types: readonly TensorType[], fn: (...inputs: Tensor[]) => readonly Tensor[]): MemoryPlan {
  const program = programOf(types, fn);
  const plan = planMemory(program, () => 0);
  validatePlan(program, plan);
  return plan;
}

describe("temporaries", () => {
  it("share memory if they are not in use at the same time", () => {
    const chain = planned([f32(16, 16), f32(16, 16)], (x, w) => [[1, 2, 3, 4, 5, 6].reduce((y) => matmul(y, w), x)]);
    const one = reservedBytes({ shape: [16, 16], dtype: "float32" });
    expect(chain.unplannedBytes).toBe(6 * one);
    // The two inputs, and two of the products at a time.
    expect(chain.arenaBytes).toBeLessThanOrEqual(4 * one);
  });

  it("begin at cache lines, and leave room for vectors that read beyond their end", () => {
    const { offsets } = planned([f32(3)], (x) => [x.add(1), x.sum()]);
    for (const offset of offsets.values()) expect(offset % 64).toBe(0);
    expect(reservedBytes({ shape: [12], dtype: "float32" })).toBe(64);
    expect(reservedBytes({ shape: [13], dtype: "float32" })).toBe(128);
    expect(reservedBytes({ shape: [16], dtype: "bool" })).toBe(64);
  });

  it("do not overlap the scratch memory of a kernel that uses them", () => {
    const program = programOf([f32(8, 8), f32(8, 8)], (x, y) => [matmul(x, y)]);
    const plan = planMemory(program, () => 1000);
    validatePlan(program, plan);
    const scratch = at([...plan.scratch.values()], 0);
    const start = at([...plan.offsets].filter(([buffer]) => buffer === scratch).map(([, offset]) => offset), 0);
    const overlapping = [...plan.offsets].filter(([buffer, offset]) => buffer !== scratch && offset < start + 1000 && offset + reservedBytes(buffer) > start);
    expect(overlapping).toEqual([]);
  });
});

describe("scratch memory", () => {
  it("keeps its contents for a later kernel that goes on with it", () => {
    const program = programOf([f32(8, 8), f32(8, 8)], (x, y) => [matmul(matmul(matmul(x, y), y), y)]);
    const [first, second, third] = program.kernels;
    const plan = planMemory(program, () => 1000, (kernel) => (kernel === third ? first : undefined));
    validatePlan(program, plan);
    const [one, two, three] = [first, second, third].map((kernel) => kernel && plan.scratch.get(kernel));
    expect(three).toBe(one);
    const start = (buffer: typeof one): number => (buffer && plan.offsets.get(buffer)) ?? NaN;
    expect(Math.abs(start(one) - start(two))).toBeGreaterThanOrEqual(1000);
  });
});

describe("a new value of a variable", () => {
  const updated = (fn: (variable: Variable, x: Tensor) => readonly Tensor[]): MemoryPlan => {
    const variable = new Variable(normal([4, 4]));
    return planned([f32(4, 4)], (x) => fn(variable, x));
  };
  const copies = ({ kernels }: MemoryPlan): number => kernels.filter(({ label }) => label === "copy").length;

  it("overwrites the old one if nothing reads that later", () => {
    const plan = updated((variable, x) => {
      variable.value = variable.value.mul(0.9).add(x);
      return [];
    });
    expect([plan.inPlace.size, copies(plan)]).toEqual([1, 0]);
  });

  it("is copied if a later kernel reads the old one", () => {
    const plan = updated((variable, x) => {
      const old = variable.value;
      variable.value = old.add(x);
      return [matmul(variable.value, old)];
    });
    expect([plan.inPlace.size, copies(plan)]).toEqual([0, 1]);
  });

  it("is copied if it reads the old one at other positions", () => {
    const plan = updated((variable, x) => {
      variable.value = variable.value.transpose().add(x);
      return [];
    });
    expect([plan.inPlace.size, copies(plan)]).toEqual([0, 1]);
  });

  it("is copied if the program may fail after computing it", () => {
    const variable = new Variable(zeros([4]));
    const plan = planned([f32(4), { shape: [2], dtype: "int32" }], (x, index) => {
      variable.value = variable.value.add(x);
      return [gather(variable.value, index, 0).sum()];
    });
    expect([plan.inPlace.size, copies(plan)]).toEqual([0, 1]);
  });

  it("of a variable that the program does not read is copied or written directly", () => {
    const plan = updated((variable, x) => {
      variable.value = x.mul(tensor(2));
      return [];
    });
    expect(plan.inPlace.size + copies(plan)).toBe(1);
  });
});
