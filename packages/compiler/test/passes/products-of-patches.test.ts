import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, isClose, manualSeed, normal, type Shape, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import type { AttributesOf } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { createCompiler } from "../../src/features/create-compiler.js";
import { convolution } from "../../src/features/kernels.js";
import { compile } from "../../src/index.js";
import { topologicalOrder, type Graph } from "../../src/ir/graph.js";
import { productsOfPatches } from "../../src/passes/products-of-patches.js";
import { trace } from "../../src/trace/trace.js";

type Attributes = AttributesOf<"convolution">;

const convolve = (attributes: Attributes) => (x: Tensor, weight: Tensor): Tensor => apply(primitives.convolution, [x, weight], attributes);
const graphOf = (types: readonly Shape[], attributes: Attributes): Graph =>
  trace(types.map((shape) => ({ shape, dtype: "float32" })), ([x, weight]) => convolve(attributes)(x as Tensor, weight as Tensor), (result) => [result]).graph;
const libraryOf = (graph: Graph): readonly string[] =>
  topologicalOrder(graph).flatMap((node) => (node.kind === "primitive" && ["convolution", "matmul"].includes(node.primitive) ? node.primitive : []));
const plain = (rank: number, padding = 1): Attributes => {
  const ones = Array.from({ length: rank }, () => 1);
  return { strides: ones, padding: ones.map(() => [padding, padding] as const), inputDilation: ones, kernelDilation: ones, groups: 1 };
};

const axis = fc.record({
  size: fc.integer({ min: 1, max: 5 }), kernel: fc.integer({ min: 1, max: 3 }), low: fc.integer({ min: 0, max: 2 }), high: fc.integer({ min: 0, max: 2 }),
  stride: fc.integer({ min: 1, max: 3 }), dilation: fc.integer({ min: 1, max: 2 }),
}).filter(({ size, kernel, low, high, dilation }) => size + low + high >= (kernel - 1) * dilation + 1);

describe("a convolution with few windows in each image", () => {
  it("is a product of the weights with all patches, with the same elements", () => {
    manualSeed(3);
    let products = 0;
    fc.assert(fc.property(fc.array(axis, { minLength: 1, maxLength: 2 }), fc.integer({ min: 1, max: 20 }), (axes, images) => {
      const attributes: Attributes = {
        groups: 1, inputDilation: axes.map(() => 1), strides: axes.map(({ stride }) => stride), kernelDilation: axes.map(({ dilation }) => dilation),
        padding: axes.map(({ low, high }) => [low, high] as const),
      };
      const [x, weight] = [normal([images, 140, ...axes.map(({ size }) => size)]), normal([33, 140, ...axes.map(({ kernel }) => kernel)])];
      if (libraryOf(productsOfPatches(graphOf([x.shape, weight.shape], attributes), () => true)).includes("matmul")) products += 1;
      const compiled = compile(convolve(attributes));
      const [got, wanted] = [compiled(x, weight), convolve(attributes)(x, weight)];
      compiled.dispose();
      expect(got.shape).toEqual(wanted.shape);
      expect(all(isClose(got, wanted, { relativeTolerance: 1e-3, absoluteTolerance: 1e-4 })).item()).toBe(1);
    }), { numRuns: 60, seed: 5 });
    expect(products).toBeGreaterThan(10);
  });

  it.each<[string, readonly Shape[], Attributes]>([
    ["many windows", [[8, 64, 5, 5], [64, 64, 3, 3]], plain(2)],
    ["few windows altogether", [[3, 64, 2, 2], [64, 64, 3, 3]], plain(2)],
    ["few outputs", [[8, 64, 2, 2], [31, 64, 3, 3]], plain(2)],
    ["short patches", [[8, 3, 2, 2], [64, 3, 3, 3]], plain(2)],
    ["kernels of one element", [[8, 256, 2, 2], [64, 256, 1, 1]], plain(2, 0)],
    ["large kernels", [[8, 64, 5, 5], [64, 64, 6, 6]], plain(2)],
    ["groups", [[8, 128, 2, 2], [64, 64, 3, 3]], { ...plain(2), groups: 2 }],
    ["negative padding", [[8, 64, 6, 6], [64, 64, 3, 3]], plain(2, -1)],
  ])("stays one with %s", (_, types, attributes) => {
    expect(libraryOf(productsOfPatches(graphOf(types, attributes), () => true))).toEqual(["convolution"]);
  });

  it("is a product that is already the gradient of a kernel, in which axes of channels change places", () => {
    const gradient = trace([[64, 8, 2, 2], [48, 8, 2, 2]].map((shape) => ({ shape, dtype: "float32" })), ([x, dy]) => convolve(plain(2))(x as Tensor, dy as Tensor).permute([1, 0, 2, 3]), (result) => [result]).graph;
    const [output] = productsOfPatches(gradient, () => true).outputs;
    expect(output).toMatchObject({ primitive: "reshape", inputs: [{ primitive: "matmul" }], type: { shape: [48, 64, 3, 3] } });
  });

  it("stays one in a compiler without products", () => {
    const types = [[8, 64, 2, 2], [64, 64, 3, 3]];
    expect(libraryOf(productsOfPatches(graphOf(types, plain(2)), () => true))).toEqual(["matmul"]);
    expect(libraryOf(productsOfPatches(graphOf(types, plain(2)), () => false))).toEqual(["convolution"]);
    const [x, weight] = [normal([8, 64, 2, 2]), normal([64, 64, 3, 3])];
    expect(createCompiler({ convolution })(convolve(plain(2)))(x, weight).shape).toEqual([8, 64, 2, 2]);
  });
});
