import { describe, expect, it } from "vitest";
import { permute, tensor, type Tensor } from "@nn/tensor";
import { simplify } from "../../src/passes/simplify.js";
import { trace } from "../../src/trace/trace.js";

describe("simplification", () => {
  const primitives = (fn: (x: Tensor) => Tensor): string[] => {
    const { graph } = trace([{ shape: [4, 3], dtype: "float32" }], ([x]) => fn(x ?? tensor(0)), (result) => [result]);
    const names: string[] = [];
    const visit = (node: (typeof graph.outputs)[number]): void => {
      node.inputs.forEach(visit);
      names.push(node.kind === "primitive" ? node.primitive : node.kind);
    };
    simplify(graph).outputs.forEach(visit);
    return names;
  };

  it("folds constants", () => {
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
