import { grad } from "@nn/autograd";
import { sum, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { Step } from "../../src/index.js";

describe("Step", () => {
  test("is 1 above 0 only", () => {
    expect(new Step().forward(tensor([-2, 0, 0.1])).toArray()).toEqual([0, 0, 1]);
    expect(new Step().forward(tensor([2], { dtype: "float64" })).dtype).toBe("float64");
  });

  test("has the gradient 0", () => {
    expect(grad((x: Tensor) => sum(new Step().forward(x)))(tensor([-1, 0, 1])).toArray()).toEqual([0, 0, 0]);
  });
});
