import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { narrow, permute, tensor, type Tensor } from "@nn/tensor";
import { at } from "../../src/ir/at.js";
import type { LoopKernel } from "../../src/ir/program.js";
import { collapse } from "../../src/lower/collapse.js";
import { lower } from "../../src/lower/lower.js";
import { removeCoveredChecks } from "../../src/passes/covered-checks.js";
import { trace } from "../../src/trace/trace.js";
import { interpret, type Memory } from "../interpret.js";

/** The loop kernel of a function of one tensor [2, 3, 4]. */
function kernelOf(fn: (x: Tensor) => Tensor): LoopKernel {
  const { graph } = trace([{ shape: [2, 3, 4], dtype: "float32" }], ([x]) => fn(x ?? tensor(0)), (result) => [result]);
  const { kernels } = lower(removeCoveredChecks(graph));
  const [kernel] = kernels;
  if (kernel?.kind !== "loop" || kernels.length !== 1) throw new Error("expected one loop kernel");
  return kernel;
}

describe("neighbouring loops are merged", () => {
  it.each<[string, (x: Tensor) => Tensor, readonly number[]]>([
    ["all, where elements are read in their order", (x) => x.mul(2), [24]],
    ["those that a permutation leaves together", (x) => permute(x, [1, 2, 0]).neg(), [12, 2]],
    ["none, where all are permuted", (x) => permute(x, [2, 1, 0]).neg(), [4, 3, 2]],
    ["those on one side of a broadcast axis", (x) => x.add(narrow(x, 0, 0, 1)), [2, 12]],
    ["reduced ones", (x) => x.sum([1, 2]), [2, 12]],
    ["but not a reduced one and one that is kept", (x) => x.sum(2), [6, 4]],
    ["but not across a flip", (x) => x.flip(1).neg(), [2, 3, 4]],
  ])("%s", (_, fn, domain) => {
    expect(kernelOf(fn).domain).toEqual(domain);
  });

  it("and a position in an index that would prevent it is dropped", () => {
    const kernel = kernelOf((x) => x.reshape([6, 4]).add(x.reshape([6, 4]).indexSelect(tensor([3, 0, 2, 1], { dtype: "int32" }), 1)));
    expect(kernel.domain).toEqual([6, 4]);
  });

  it("and compute the same", () => {
    const stride = fc.constantFrom(0, 1, 2, 3, 4, 6, 12, 24);
    const domain = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(domain, fc.array(stride, { minLength: 4, maxLength: 4 }), fc.nat(4), (sizes, strides, kept) => {
      const from = { id: 0, shape: [1000], dtype: "float32", role: { kind: "temporary" } } as const;
      const to = { ...from, id: 1 };
      const rowMajor = sizes.map((_, loop) => sizes.slice(loop + 1).reduce((product, size) => product * size, 1));
      const load = { kind: "load", dtype: "float32", buffer: from, at: { offset: 5, coefficients: strides.slice(0, sizes.length) } } as const;
      const value = { kind: "apply", dtype: "float32", primitive: "add", inputs: [load, load], scalarFunction: undefined, fault: undefined } as const;
      const kernel: LoopKernel = { kind: "loop", domain: sizes, reduced: sizes.map((_, loop) => loop >= kept), stores: [{ buffer: to, at: { offset: 0, coefficients: rowMajor }, value }], label: "" };
      const results = [kernel, collapse(kernel)].map((each) => {
        const memory: Memory = new Map([[from, Float32Array.from({ length: 1000 }, (_, index) => index)]]);
        interpret(each, memory);
        return memory.get(to);
      });
      expect(results[1]).toEqual(results[0]);
      const shared = collapse(kernel).stores.flatMap(({ value: sum }) => (sum.kind === "apply" ? sum.inputs : []));
      expect(at(shared, 0)).toBe(at(shared, 1));
    }), { numRuns: 300 });
  });
});

it("refuses a loop that is too long to count", () => {
  expect(() => kernelOf((x) => x.sum().expand([2 ** 30 + 1]).add(1))).toThrow("compile: an axis of 1073741825 elements is longer than the 1073741824 that a loop can count; reshape it to several axes");
});
