import { describe, expect, it } from "vitest";
import {
  gather, hostCallback, hostEffect, HostState, manualSeed, normal, stack, tensor, uniform, Variable, zeros, type Tensor,
} from "@nn/tensor";
import { bindGradients, guard } from "@nn/tensor/extend";
import { compile } from "../../src/index.js";

const steps = 5;
const entriesOf = (tensors: Tensor): Tensor[] => Array.from({ length: tensors.shape[0] ?? 0 }, (_, entry) => tensors.select(0, entry));

/** A step with state, a schedule, random numbers, and a result of several tensors. */
function makeStep(features: number): (x: Tensor, scale: number) => { readonly mean: Tensor; readonly rows: readonly Tensor[] } {
  const total = new Variable(zeros([features]));
  const count = new HostState(0);
  return (x, scale) => {
    hostEffect(() => (count.value += 1));
    const rate = hostCallback(() => 1 / count.value);
    total.value = total.value.add(x.mul(rate)).add(uniform([features]));
    return { mean: total.value.mul(scale).mean(), rows: [total.value, x.neg()] };
  };
}

describe("a function that runs several steps in a call", () => {
  it.each([3, 50])("gives the results of as many calls, stacked: entries of %i elements", (features) => {
    manualSeed(2);
    const x = normal([2 * steps, features]);
    const single = compile(makeStep(features));
    const expected = entriesOf(x).map((entry) => single(entry, 2));
    manualSeed(2);
    normal([2 * steps, features]);
    const several = compile(makeStep(features), { steps });
    for (const part of [0, 1]) {
      const { mean, rows: [totals, negated] } = several(x.slice([{ start: part * steps, stop: (part + 1) * steps }]), 2);
      const own = expected.slice(part * steps, (part + 1) * steps);
      expect(mean.toArray()).toEqual(stack(own.map((each) => each.mean)).toArray());
      expect(totals?.toArray()).toEqual(stack(own.flatMap(({ rows }) => rows.slice(0, 1))).toArray());
      expect(negated?.toArray()).toEqual(stack(own.flatMap(({ rows }) => rows.slice(1))).toArray());
    }
  });

  it("takes an entry of every tensor in lists and records, of any dtype", () => {
    const picked = compile(({ index, from: [table] }: { readonly index: Tensor; readonly from: readonly [Tensor] }) => gather(table, index, 0), { steps: 2 });
    const table = tensor([[1, 2, 3], [4, 5, 6]]);
    expect(picked({ index: tensor([[2], [0]], { dtype: "int32" }), from: [table] }).toArray()).toEqual([[3], [4]]);
    const inverted = compile((x: Tensor) => x.logicalNot(), { steps: 2 });
    expect(inverted(tensor([[true], [false]])).toArray()).toEqual([[false], [true]]);
  });

  it("needs no tensors", () => {
    const total = new Variable(tensor(1));
    const doubled = compile((factor: number) => (total.value = total.value.mul(factor)), { steps: 3 });
    expect(doubled(2).toArray()).toEqual([2, 4, 8]);
    expect(doubled(10).toArray()).toEqual([80, 800, 8000]);
  });

  it("runs on threads", () => {
    const total = new Variable(zeros([100, 100]));
    const added = compile((x: Tensor) => (total.value = total.value.matmul(total.value).add(x)).sum(), { steps: 3, threads: 2 });
    const x = uniform([3, 100, 100]);
    const sums = entriesOf(x).reduce<{ readonly total: Tensor; readonly sums: readonly number[] }>(
      (before, entry) => {
        const next = before.total.matmul(before.total).add(entry);
        return { total: next, sums: [...before.sums, next.sum().item()] };
      },
      { total: zeros([100, 100]), sums: [] },
    );
    const found = added(x).toArray() as number[];
    found.forEach((sum, step) => expect(sum / (sums.sums[step] ?? 0)).toBeCloseTo(1, 4));
  });

  it("is profiled at its first step", () => {
    const total = new Variable(tensor(0));
    const added = compile((x: Tensor) => (total.value = total.value.add(x)), { steps: 2 });
    expect(added.profile(tensor([3, 4])).kernels).toHaveLength(1);
    expect(total.value.item()).toBe(3);
    expect(added.explain()).toContain("1 kernel");
  });
});

describe("a call of several steps that fails", () => {
  it("changes nothing, also if the first steps succeeded", () => {
    const total = new Variable(tensor(0));
    const count = new HostState(0);
    const step = compile((index: Tensor) => {
      hostEffect(() => (count.value += 1));
      total.value = total.value.add(gather(tensor([1, 2, 3]), index, 0).sum());
      return total.value;
    }, { steps: 3 });
    const indices = (...values: number[]): Tensor => tensor(values.map((value) => [value]), { dtype: "int32" });
    expect(step(indices(0, 1, 2)).toArray()).toEqual([1, 3, 6]);
    expect(() => step(indices(0, 1, 3))).toThrow("gather: index 3");
    expect([total.value.item(), count.value]).toEqual([6, 3]);
    expect(step(indices(0, 0, 0)).toArray()).toEqual([7, 8, 9]);
  });

  it("is refused if a guarded value changes between the steps", () => {
    const total = new Variable(tensor(0));
    const count = new HostState(0);
    const step = compile(() => {
      hostEffect(() => (count.value += 1));
      const added = guard(() => count.value < 3) ? 1 : 10;
      return (total.value = total.value.add(added));
    }, { steps: 2 });
    expect(step().toArray()).toEqual([1, 2]);
    expect(() => step()).toThrow("compile: a guarded value (for example, whether a module trains) changed between the steps of one call");
    expect([total.value.item(), count.value]).toEqual([2, 2]);
  });

  it("names the tensor whose first axis does not fit", () => {
    const step = compile((x: Tensor, { y }: { readonly y: Tensor }) => x.add(y), { steps: 4 });
    expect(() => step(zeros([4, 2]), { y: zeros([3, 2]) })).toThrow("compile: arguments[1].y is float32[3, 2], expected 4 entries along the first axis, one for each of the steps");
    expect(() => step(tensor(1), { y: zeros([4]) })).toThrow("compile: arguments[0] is float32[], expected 4 entries");
  });

  it("is refused inside another compiled function, and for gradients", () => {
    const step = compile((x: Tensor) => x.mul(2), { steps: 2 });
    expect(() => compile((x: Tensor) => step(x))(zeros([2]))).toThrow("compile: a function with the option `steps` was called inside another compiled function or a gradient");
    const gradients = bindGradients([new Variable(zeros([2]))], [zeros([2])]);
    expect(() => compile((given: readonly (Tensor | undefined)[]) => given[0], { steps: 2 })(gradients)).toThrow("compile: arguments[0] are gradients");
  });

  it("has a positive whole number of steps", () => {
    expect(() => compile((x: Tensor) => x, { steps: 0 })).toThrow("compile: steps is 0, expected a positive whole number");
  });
});
