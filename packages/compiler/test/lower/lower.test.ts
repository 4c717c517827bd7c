import { describe, expect, it } from "vitest";
import {
  linspace, matmul, normal, pad, relu, scatterAdd, softmax, sqrt, Variable, where, zeros, type Tensor,
} from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { lower } from "../../src/lower/lower.js";
import { planMemory } from "../../src/memory/plan.js";
import { removeCoveredChecks } from "../../src/passes/covered-checks.js";
import { reuseActivation } from "../../src/passes/reuse-activation.js";
import { simplify } from "../../src/passes/simplify.js";
import type { Program } from "../../src/ir/program.js";
import { trace } from "../../src/trace/trace.js";
import { validateGraph } from "../../src/ir/validate-graph.js";
import { validateProgram } from "../../src/ir/validate-program.js";
import { validatePlan } from "../../src/memory/validate-plan.js";

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: "float32" });

function programOf(types: readonly TensorType[], fn: (...inputs: Tensor[]) => readonly Tensor[]): Program {
  const graph = removeCoveredChecks(reuseActivation(simplify(trace(types, (inputs) => fn(...inputs), (result) => result).graph)));
  validateGraph(graph);
  const program = lower(graph);
  validateProgram(program);
  validatePlan(program, planMemory(program, () => 0));
  return program;
}

const labels = (program: Program): string[] => program.kernels.map(({ label }) => label);

it("equal computations are merged, unless an optimization barrier is between them", () => {
  const products = (barrier: boolean): Program =>
    programOf([f32(8, 8), f32(8, 8)], (x, y) => [matmul(x, y).tanh(), matmul(apply(primitives.reshape, [x], { shape: [8, 8], barrier }), y).tanh()]);
  expect(products(false).kernels).toHaveLength(1);
  expect(products(true).kernels).toHaveLength(2);
});

it("an operation without a vector form gets its own kernel, so that the others stay vectorised", () => {
  const { kernels } = programOf([f32(100, 200)], (x) => [x.mul(linspace(0, 1, 200)).tanh()]);
  expect(kernels).toMatchObject([{ domain: [200] }, { domain: [100, 200] }]);
  const double: TensorType = { shape: [100], dtype: "float64" };
  expect(programOf([double], (x) => [where(x.greater(0), x, x.exp()).cast("float32")]).kernels).toHaveLength(1);
});

describe("fusion", () => {
  it("elementwise work with broadcasting is one loop over one axis where shapes agree", () => {
    const { kernels } = programOf([f32(8, 5), f32(8, 5)], (x, y) => [x.mul(2).add(y).tanh()]);
    expect(kernels).toMatchObject([{ kind: "loop", domain: [40], reduced: [false] }]);
  });

  it("softmax is one pass over each row", () => {
    const { kernels } = programOf([f32(8, 5)], (x) => [softmax(x, 1)]);
    expect(kernels).toMatchObject([{ kind: "loop", domain: [8, 5], reduced: [false, true] }]);
  });

  it("layer normalisation is one kernel", () => {
    const normalised = (x: Tensor): Tensor => {
      const centred = x.sub(x.mean(1, { keepAxes: true }));
      return centred.div(sqrt(centred.mul(centred).mean(1, { keepAxes: true }).add(1e-5)));
    };
    expect(programOf([f32(8, 5)], (x) => [normalised(x)]).kernels).toHaveLength(1);
  });

  it("bias and activation go into the matrix product", () => {
    const program = programOf([f32(8, 5), f32(5, 4), f32(4)], (x, w, b) => [relu(matmul(x, w).add(b))]);
    expect(labels(program)).toEqual(["matmul + add, lessEqual, select"]);
    expect(program.kernels[0]).toMatchObject({ epilogue: { stores: [{ value: { kind: "apply", primitive: "select" } }] } });
  });

  it("an optimizer's update of a parameter is one loop with all its outputs, done in place", () => {
    const [p, m, v] = [0, 0, 0].map(() => new Variable(normal([6, 7])));
    if (p === undefined || m === undefined || v === undefined) throw new RangeError("three variables");
    const program = programOf([f32(6, 7)], (g) => {
      m.value = m.value.mul(0.9).add(g.mul(0.1));
      v.value = v.value.mul(0.99).add(g.mul(g).mul(0.01));
      p.value = p.value.sub(m.value.div(sqrt(v.value).add(1e-8)));
      return [];
    });
    expect(program.kernels).toMatchObject([{ kind: "loop", domain: [42] }]);
    expect(planMemory(program, () => 0).inPlace.size).toBe(3);
  });

  it("a transpose costs nothing in a matrix product", () => {
    const program = programOf([f32(8, 5), f32(4, 5)], (x, w) => [matmul(x, w.transpose())]);
    expect(program.kernels).toMatchObject([{ primitive: "matmul", attributes: { transposeA: false, transposeB: true } }]);
  });

  it("an input of a library kernel may be reshaped without a copy", () => {
    const program = programOf([f32(2, 3, 4), f32(12, 5)], (x, w) => [matmul(x.tanh().reshape([2, 12]), w)]);
    expect(program.kernels).toMatchObject([{ label: "tanh" }, { label: "matmul", inputs: [{ shape: [2, 12], role: { kind: "view", of: { shape: [2, 3, 4] } } }, {}] }]);
  });

  it("the zeros that a scatter begins with need no kernel", () => {
    const program = programOf([{ shape: [4, 3], dtype: "int32" }, f32(4, 3)], (index, updates) => [scatterAdd(zeros([4, 5]), index, updates, 1)]);
    expect(labels(program)).toEqual(["scatterAdd"]);
  });

  it("a value that is written in pieces is complete before it is read", () => {
    const program = programOf([f32(2, 3)], (x) => [pad(x, [[1, 1], [0, 0]]).sum(0)]);
    expect(labels(program)).toEqual(["fill", "copy", "sum"]);
  });

  it("a permuted gradient with short lines is copied, and the update that reads it is a loop over one axis", () => {
    const gradient: TensorType = f32(64, 64, 3, 3);
    const moment = new Variable(zeros([64, 64, 3, 3]));
    const { kernels } = programOf([gradient], (x) => {
      const g = x.permute([1, 0, 2, 3]);
      moment.value = moment.value.mul(0.9).add(g.mul(g)).add(g);
      return [];
    });
    expect(kernels.map((kernel) => kernel.kind === "loop" && kernel.domain)).toEqual([[64, 64, 9], [36864]]);
  });

  it("a reshape that fits no loop begins another kernel", () => {
    const program = programOf([f32(4, 27)], (x) => {
      const y = x.add(1).tanh();
      return [y, y.transpose().reshape([6, 18]).add(y.reshape([6, 18]))];
    });
    expect(labels(program)).toEqual(["add, tanh", "tanh", "add"]);
  });

  it("nothing is computed for tensors without elements", () => {
    expect(programOf([f32(0, 3)], (x) => [x.add(1), x.sum(0)]).kernels).toHaveLength(1);
  });
});
