import { Generator, normal, truncatedNormal, uniform, zeros } from "@nn/tensor";
import { describe, expect, expectTypeOf, test } from "vitest";
import {
  kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, orthogonal, sparse, xavierNormal, xavierUniform, type Initializer,
} from "../../src/index.js";

const random: Readonly<Record<string, Initializer>> = {
  kaimingNormal, kaimingUniform, lecunNormal, lecunUniform, orthogonal, xavierNormal, xavierUniform, sparse: (shape, options) => sparse(shape, { ...options, sparsity: 0.3 }),
};

describe.each(Object.entries(random))("%s", (_, initialize) => {
  test("depends on the generator only, and advances it", () => {
    const generator = new Generator(5);
    const first = initialize([6, 4], { generator }).toArray();
    expect(initialize([6, 4], { generator }).toArray()).not.toEqual(first);
    expect(initialize([6, 4], { generator: new Generator(5) }).toArray()).toEqual(first);
  });

  test("returns the requested dtype", () => {
    expect(initialize([3, 2], { dtype: "float64" }).dtype).toBe("float64");
    expect(initialize([3, 2], {}).dtype).toBe("float32");
  });
});

test("the distributions and constants of @nn/tensor are initializers", () => {
  expectTypeOf([uniform, normal, truncatedNormal, zeros]).toExtend<Initializer[]>();
});
