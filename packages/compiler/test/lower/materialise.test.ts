import { describe, expect, it } from "vitest";
import { concat, gather, matmul, narrow, pad, relu, scatterAdd, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import type { TensorType } from "@nn/tensor/interpreter";
import { topologicalOrder, type Node } from "../../src/ir/graph.js";
import { materialisedNodes, operandsOf, storageNode } from "../../src/lower/materialise.js";
import { at } from "../../src/ir/at.js";
import { simplify } from "../../src/passes/simplify.js";
import { trace } from "../../src/trace/trace.js";

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: "float32" });

/** The names of the nodes that are written to memory, in the order of the program. */
function materialised(types: readonly TensorType[], fn: (...inputs: Tensor[]) => readonly Tensor[]): readonly string[] {
  const graph = simplify(trace(types, (inputs) => fn(...inputs), (result) => result).graph);
  const nodes = materialisedNodes(graph);
  return topologicalOrder(graph).filter((node) => nodes.has(node)).map((node) => (node.kind === "primitive" ? node.primitive : node.kind));
}

describe("written to memory are", () => {
  it.each<[string, readonly TensorType[], (...inputs: Tensor[]) => readonly Tensor[], readonly string[]]>([
    ["results", [f32(3)], (x) => [x.add(1).mul(2)], ["mul"]],
    ["reductions", [f32(3, 4)], (x) => [x.mul(2).sum(1, { keepAxes: true }).add(x)], ["sum", "add"]],
    ["what library kernels read and write", [f32(3, 4), f32(4, 5)], (x, y) => [matmul(x.add(1), y).neg()], ["input", "add", "matmul", "neg"]],
    ["what is assembled", [f32(3, 4)], (x) => [concat([x, x.mul(2)], 0).add(pad(x, [[3, 0], [0, 0]]))], ["concat", "pad", "add"]],
    ["what gathers read, and the checks of their indices", [f32(3, 4), { shape: [2, 4], dtype: "int32" }], (x, index) => [gather(x.add(1), index, 0).neg()], ["add", "gather", "neg"]],
    ["no movements", [f32(3, 4)], (x) => [x.transpose().flip(0).slice([0, 2]).neg()], ["neg"]],
    ["costly values with several users", [f32(3, 4)], (x) => { const y = x.tanh(); return [y.add(1), y.mul(2)]; }, ["tanh", "add", "mul"]],
    ["costly values of which each is read often", [f32(4)], (x) => [x.tanh().expand([3, 4]).add(1)], ["tanh", "add"]],
    ["no cheap values, however many use them", [f32(3, 4)], (x) => { const y = x.add(1); return [y.mul(3), y.mul(2), y.expand([5, 3, 4]).neg()]; }, ["mul", "mul", "neg"]],
    ["sums of cheap values that together are costly", [f32(4)], (x) => [x.div(3).div(5).sqrt().expand([3, 4]).add(1)], ["sqrt", "add"]],
    ["permuted values with short lines that are read several times", [f32(64, 64, 9)], (x) => { const y = x.transpose(0, 1); return [y.add(1), y.mul(y)]; }, ["permute", "add", "mul"]],
    ["none that are read once, small, or have long lines", [f32(64, 64, 9), f32(4, 4, 9), f32(64, 64, 16)], (x, y, z) => {
      const [a, b] = [y.transpose(0, 1), z.transpose(0, 1)];
      return [x.transpose(0, 1).add(1), a.add(1), a.mul(a), b.add(1), b.mul(b)];
    }, ["add", "add", "mul", "add", "mul"]],
    ["scalar values that vectors read", [{ shape: [100], dtype: "float64" }], (x) => [x.exp().cast("float32").add(1)], ["cast", "add"]],
  ])("%s", (_, types, fn, expected) => {
    expect(materialised(types, fn)).toEqual(expected);
  });

  it("new values of variables and host values need no memory of their own", () => {
    const total = new Variable(zeros([3]));
    expect(materialised([f32(3)], (x) => {
      total.value = total.value.add(x);
      return [relu(total.value)];
    })).toEqual(["add", "select"]);
  });
});

describe("storage", () => {
  const outputOf = (fn: (x: Tensor) => Tensor): Node => at(simplify(trace([f32(3, 4)], ([x]) => fn(x ?? tensor(0)), (result) => [result]).graph).outputs, 0);

  it("of a reshape is the storage of its input", () => {
    expect(storageNode(outputOf((x) => x.neg().reshape([12]).reshape([2, 6])))).toMatchObject({ primitive: "neg" });
    expect(storageNode(outputOf((x) => x.transpose()))).toMatchObject({ primitive: "permute" });
  });

  it("is not needed for the zeros that a scatter begins with", () => {
    const index = tensor([[1, 0, 2, 1], [0, 0, 1, 1]], { dtype: "int32" });
    expect(operandsOf(outputOf((x) => scatterAdd(zeros([3, 4]), index, narrow(x, 0, 0, 2), 0)))).toHaveLength(2);
    expect(operandsOf(outputOf((x) => scatterAdd(x, index, narrow(x, 0, 0, 2), 0)))).toHaveLength(3);
  });
});
