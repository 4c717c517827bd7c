import { tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { compile } from "../../src/index.js";

test("refuses to copy a traced tensor, which has no elements yet", () => {
  const attempts: readonly ((x: Tensor) => unknown)[] = [structuredClone, JSON.stringify];
  for (const attempt of attempts) {
    const copying = compile((x: Tensor) => {
      attempt(x.add(1));
      return x;
    });
    expect(() => copying(tensor([1]))).toThrow(/(could|can) not be cloned|is not known/);
  }
});
