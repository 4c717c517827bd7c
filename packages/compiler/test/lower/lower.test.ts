import { describe, expect, it } from "vitest";
import {
  linspace, matmul, narrow, normal, pad, permute, relu, scatterAdd, softmax, sqrt, tensor, Variable, where, zeros, type Tensor,
} from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { TensorType } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { compile } from "../../src/index.js";
import { lower } from "../../src/lower/lower.js";
import { planMemory } from "../../src/memory/plan.js";
import { removeCoveredChecks } from "../../src/passes/covered-checks.js";
import { reuseActivation } from "../../src/passes/reuse-activation.js";
import { simplify } from "../../src/passes/simplify.js";
import type { Program } from "../../src/ir/program.js";
import { trace } from "../../src/trace/trace.js";
import { validateGraph, validateProgram } from "../../src/ir/validate.js";
import { validatePlan } from "../../src/memory/validate.js";

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

it("equal computations are one, unless an optimization barrier is between them", () => {
  const products = (barrier: boolean): Program =>
    programOf([f32(8, 8), f32(8, 8)], (x, y) => [matmul(x, y).tanh(), matmul(apply(primitives.reshape, [x], { shape: [8, 8], barrier }), y).tanh()]);
  expect(products(false).kernels).toHaveLength(1);
  expect(products(true).kernels).toHaveLength(2);
});

it("what has no vector form has a kernel of its own, and does not take the vectors from the rest", () => {
  const { kernels } = programOf([f32(100, 200)], (x) => [x.mul(linspace(0, 1, 200)).tanh()]);
  expect(kernels).toMatchObject([{ domain: [200] }, { domain: [100, 200] }]);
  const double: TensorType = { shape: [100], dtype: "float64" };
  expect(programOf([double], (x) => [where(x.greater(0), x, x.exp()).cast("float32")]).kernels).toHaveLength(1);
});

describe("sums of parts with zeros around them", () => {
  const part = (x: Tensor, at: number, length: number): Tensor => pad(narrow(x, 0, at, length), [[at, 8 - at - length], [0, 0]]);

  it("are joined where the parts lie side by side", () => {
    const [forwards, backwards] = [[0, 2, 4, 6], [6, 4, 2, 0]].map((places) => (x: Tensor): Tensor => {
      const [first = x, ...others] = places.map((at) => part(at % 4 === 0 ? x.exp() : x, at, 2));
      return others.reduce((sum, each) => sum.add(each), first);
    });
    const x = tensor(Array.from({ length: 8 }, (_, row) => [row, row / 2, 1 / (row + 1)]));
    for (const sum of [forwards, backwards]) {
      if (sum === undefined) throw new Error("no sum");
      const { outputs } = simplify(trace([f32(8, 3)], (inputs) => inputs.map(sum), (result) => result).graph);
      expect(outputs).toMatchObject([{ primitive: "concat", inputs: { length: 4 } }]);
      compile(sum)(x).toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(sum(x).toTypedArray()[at] ?? NaN, 4));
    }
  });

  it("are added where the parts overlap, leave a gap, or lie apart on two axes", () => {
    const sums: readonly ((x: Tensor) => Tensor)[] = [
      (x) => part(x, 0, 3).add(part(x, 2, 3)),
      (x) => part(x, 0, 2).add(part(x, 5, 3)),
      (x) => pad(narrow(narrow(x, 0, 0, 4), 1, 0, 1), [[0, 4], [0, 2]]).add(pad(narrow(narrow(x, 0, 4, 4), 1, 1, 2), [[4, 0], [1, 0]])),
      (x) => part(x, 0, 4).add(pad(narrow(x, 0, 4, 4), [[4, 0], [0, 0]], { value: 2 })),
    ];
    const x = tensor(Array.from({ length: 8 }, (_, row) => [row + 1, -row, 2 * row]));
    for (const sum of sums) expect(compile(sum)(x).toArray()).toEqual(sum(x).toArray());
  });
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

  it("an optimizer's update of a parameter is one loop with all its outputs, in place", () => {
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

  it("what a kernel of its own reads may be reshaped where it lies", () => {
    const program = programOf([f32(2, 3, 4), f32(12, 5)], (x, w) => [matmul(x.tanh().reshape([2, 12]), w)]);
    expect(program.kernels).toMatchObject([{ label: "tanh" }, { label: "matmul", inputs: [{ shape: [2, 12], role: { kind: "view", of: { shape: [2, 3, 4] } } }, {}] }]);
  });

  it("the zeros that a scatter begins with are no kernel", () => {
    const program = programOf([{ shape: [4, 3], dtype: "int32" }, f32(4, 3)], (index, updates) => [scatterAdd(zeros([4, 5]), index, updates, 1)]);
    expect(labels(program)).toEqual(["scatterAdd"]);
  });

  it("what would be written in pieces is complete before it is read", () => {
    const program = programOf([f32(2, 3)], (x) => [pad(x, [[1, 1], [0, 0]]).sum(0)]);
    expect(labels(program)).toEqual(["fill", "copy", "sum"]);
  });

  it("a reshape that no loop follows begins another kernel", () => {
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

describe("simplification", () => {
  const primitives = (fn: (x: Tensor) => Tensor): string[] => {
    const { graph } = trace([f32(4, 3)], ([x]) => fn(x ?? tensor(0)), (result) => [result]);
    const names: string[] = [];
    const visit = (node: (typeof graph.outputs)[number]): void => {
      node.inputs.forEach(visit);
      names.push(node.kind === "primitive" ? node.primitive : node.kind);
    };
    simplify(graph).outputs.forEach(visit);
    return names;
  };

  it("folds what is known", () => {
    expect(primitives((x) => x.mul(tensor(2).mul(3).add(1)))).toEqual(["input", "full", "mul"]);
  });
  it("drops neutral operations", () => {
    expect(primitives((x) => x.mul(1).div(1).sub(0).neg().neg())).toEqual(["input"]);
    expect(primitives((x) => x.transpose().transpose().reshape([12]).reshape([4, 3]))).toEqual(["input"]);
    expect(primitives((x) => permute(x.reshape([4, 1, 3]), [1, 0, 2]))).toEqual(["input", "reshape"]);
  });
  it("turns small powers into products", () => {
    expect(primitives((x) => x.pow(2))).toEqual(["input", "input", "mul"]);
  });
});
