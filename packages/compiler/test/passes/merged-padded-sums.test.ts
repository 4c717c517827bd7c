import { describe, expect, it } from "vitest";
import { narrow, pad, tensor, type Tensor } from "@nn/tensor";
import { compile } from "../../src/index.js";
import { simplify } from "../../src/passes/simplify.js";
import { trace } from "../../src/trace/trace.js";

describe("sums of padded tensors", () => {
  const part = (x: Tensor, at: number, length: number): Tensor => pad(narrow(x, 0, at, length), [[at, 8 - at - length], [0, 0]]);

  it("are merged if the tensors are adjacent", () => {
    const [forwards, backwards] = [[0, 2, 4, 6], [6, 4, 2, 0]].map((positions) => (x: Tensor): Tensor => {
      const [first = x, ...others] = positions.map((at) => part(at % 4 === 0 ? x.exp() : x, at, 2));
      return others.reduce((sum, each) => sum.add(each), first);
    });
    const x = tensor(Array.from({ length: 8 }, (_, row) => [row, row / 2, 1 / (row + 1)]));
    for (const sum of [forwards, backwards]) {
      if (sum === undefined) throw new Error("no sum");
      const { outputs } = simplify(trace([{ shape: [8, 3], dtype: "float32" }], (inputs) => inputs.map(sum), (result) => result).graph);
      expect(outputs).toMatchObject([{ primitive: "concat", inputs: { length: 4 } }]);
      compile(sum)(x).toTypedArray().forEach((value, at) => expect(value).toBeCloseTo(sum(x).toTypedArray()[at] ?? NaN, 4));
    }
  });

  it("are added if the tensors overlap, leave a gap, or differ on two axes", () => {
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
