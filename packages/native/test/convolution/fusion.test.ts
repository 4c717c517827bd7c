import { compile } from "@nn/compiler";
import { readsOf, writesOf, type Kernel } from "@nn/compiler/target";
import { sizeOf } from "@nn/tensor/extend";
import { batchNorm, concat, conv1d, conv2d, erf, exp, Generator, maximum, minimum, normal, sigmoid, sqrt, tensor, Variable, where, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { respacing } from "../../src/convolution/fusion.js";
import { kernelsOf } from "../kernels-of.js";
import { distance, numbers } from "../matmul/kernels.js";
import { runKernel } from "../run-kernel.js";
import { targets } from "../targets.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { generator: new Generator(seed) });

interface Case {
  readonly image: readonly number[];
  readonly weight: readonly number[];
  readonly stride?: number;
  readonly padding?: number;
  readonly groups?: number;
}

/** Lines as they are, lines walked as one, taps in lanes, strides, groups, single windows, few and many channels, and sums of several blocks of channels. */
const cases: readonly Case[] = [
  { image: [2, 4, 20, 20], weight: [9, 4, 3, 3], padding: 1 }, { image: [2, 3, 7, 7], weight: [18, 3, 1, 1] }, { image: [1, 6, 14, 14], weight: [6, 1, 3, 3], padding: 1, groups: 6 }, { image: [2, 3, 33, 35], weight: [20, 3, 3, 3], stride: 2, padding: 1 },
  { image: [3, 4, 7, 7], weight: [4, 2, 3, 3], padding: 1, groups: 2 }, { image: [2, 3, 5, 40], weight: [5, 3, 5, 40] }, { image: [1, 130, 6, 6], weight: [17, 130, 3, 3], padding: 1 }, { image: [2, 2500, 3, 6], weight: [3, 2500, 1, 1] },
];

const convolution = (x: Tensor, weight: Tensor, { stride = 1, padding = 0, groups = 1 }: Case): Tensor => conv2d(x, weight, undefined, { stride, padding, groups });

/** Elementwise work behind a convolution: of itself, of numbers for each channel, of another image and of one number. */
const epilogues: Readonly<Record<string, (y: Tensor, of: { readonly scale: Tensor; readonly shift: Tensor; readonly other: Tensor; readonly number: Tensor }) => Tensor[]>> = {
  "a normalisation and a clamp": (y, { scale, shift }) => {
    const z = y.sub(shift).div(sqrt(scale.mul(scale).add(1e-5))).mul(scale).add(shift);
    return [where(z.lessEqual(0), 0, where(z.greaterEqual(0.5), 0.5, z))];
  },
  "another image": (y, { scale, other }) => [y.mul(scale).add(other).relu()],
  functions: (y, { scale, number }) => [sigmoid(y).mul(y).mul(exp(scale)).sub(number)],
  "several results": (y, { shift, other }) => [y, y.add(shift), maximum(y.sub(other), minimum(y, shift))],
  choices: (y, { scale, other, number }) => [where(y.less(other), scale, number).add(where(y.equal(other).logicalOr(scale.less(0)), y, scale.mul(2)))],
};

describe.each(targets)("the epilogue of a convolution with $name", (target) => {
  it.each(Object.keys(epilogues))("%s: as eager execution, with the same bits on any number of threads, and nothing else is written", (name) => {
    const epilogue = epilogues[name];
    if (epilogue === undefined) throw new Error("there is no such epilogue");
    for (const example of cases) {
      const [x, weight] = [random(example.image, 1), random(example.weight, 2)];
      const plain = convolution(x, weight, example);
      const channels = plain.shape[1] ?? 0;
      const others = { scale: random([channels, 1, 1], 3), shift: random([channels, 1, 1], 4), other: random(plain.shape, 5), number: random([], 6) };
      const compute = (a: Tensor, b: Tensor): Tensor[] => epilogue(convolution(a, b, example), others);
      const expected = compute(x, weight);
      const f = compile(compute, { target });
      const found = f(x, weight);
      expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
      expect(f.explain().match(/convolution/g)?.length).toBe(1);
      expect(f.explain()).toContain("convolution + ");
      const products = sizeOf(example.weight.slice(1));
      found.forEach((each, at) => {
        const values = expected[at]?.toTypedArray() ?? [];
        expect(distance(each.toTypedArray(), values) / (1 + Math.sqrt(products) + distance(values, new Float32Array(values.length))), `${JSON.stringify(example)}, result ${at}`).toBeLessThan(1e-6);
      });
      f.dispose();
      const kernel = kernelsOf((a, b) => compute(a as Tensor, b as Tensor), [x, weight], target).at(-1);
      if (kernel === undefined) throw new Error("there is no kernel");
      runGuarded(kernel);
    }
  });

  /** Runs a kernel between guards, which are NaN, on one thread and three. */
  function runGuarded(kernel: Kernel): void {
    const contents = new Map([...readsOf(kernel)].map((buffer, at) => [buffer, numbers(sizeOf(buffer.shape), at)]));
    const alone = runKernel(target, kernel, contents);
    const together = runKernel(target, kernel, contents, { threads: 3 });
    for (const buffer of writesOf(kernel)) {
      expect(Array.from(alone.get(buffer) ?? [NaN]).every(Number.isFinite)).toBe(true);
      expect(together.get(buffer)).toEqual(alone.get(buffer));
    }
  }

  it("does not take what is no elementwise work of channels and elements, or what others write before", () => {
    const [x, weight] = [random([2, 3, 16, 16], 1), random([4, 3, 3, 3], 2)];
    const [images, line] = [random([2, 4, 1, 1], 3), random([14], 3)];
    const counts = (compute: (y: Tensor) => Tensor | Tensor[]): number => kernelsOf((a, b) => compute(conv2d(a as Tensor, b as Tensor)), [x, weight], target).length;
    expect(counts((y) => y.relu())).toBe(1);
    expect(counts((y) => y.mul(images))).toBe(2);
    expect(counts((y) => y.mul(line))).toBe(2);
    expect(counts((y) => y.less(0))).toBe(2);
    expect(counts((y) => erf(exp(y)).mul(sigmoid(y)))).toBe(2);
    expect(counts((y) => y.transpose(2, 3).add(1))).toBe(2);
    expect(counts((y) => y.sum([2, 3]))).toBe(2);
    expect(counts((y) => concat([y.relu(), y.neg()], 1))).toBeGreaterThan(1);
  });

  it("serves one and three axes, and two convolutions that are added", () => {
    const add = (a: Tensor, b: Tensor): Tensor => conv1d(a, b, undefined, { padding: 1 }).add(conv1d(a.mul(2), b)
      .sum(2, { keepAxes: true })).relu();
    const [x, weight] = [random([2, 3, 40], 1), random([4, 3, 3], 2)];
    const f = compile(add, { target });
    expect(distance(f(x, weight).toTypedArray(), add(x, weight).toTypedArray())).toBeLessThan(2e-4);
    const both = (a: Tensor, b: Tensor, c: Tensor): Tensor => conv2d(a, b, undefined, { padding: 1 }).add(conv2d(a, c)).relu();
    const [image, three, one] = [random([2, 3, 12, 12], 1), random([5, 3, 3, 3], 2), random([5, 3, 1, 1], 3)];
    const g = compile(both, { target });
    expect(distance(g(image, three, one).toTypedArray(), both(image, three, one).toTypedArray())).toBeLessThan(2e-5);
    expect(g.explain()).toContain(", 2 kernels, 2 of them ");
  });

  it("updates a variable in place, also where sums wait for further channels", () => {
    for (const channels of [3, 130]) {
      const state = new Variable(random([1, 5, 12, 12], 7));
      const before = state.value;
      const [x, weight] = [random([1, channels, 12, 12], 8), random([5, channels, 3, 3], 9)];
      const step = compile((a: Tensor, b: Tensor) => {
        state.value = state.value.sub(conv2d(a, b, undefined, { padding: 1 }).mul(0.1));
      }, { target });
      step(x, weight);
      expect(step.explain()).toContain("1 updated in place");
      expect(distance(state.value.toTypedArray(), before.sub(conv2d(x, weight, undefined, { padding: 1 }).mul(0.1)).toTypedArray())).toBeLessThan(2e-5);
    }
  });

  it("serves a normalisation with given statistics", () => {
    const [x, weight, mean, bias] = [random([2, 3, 15, 15], 1), random([8, 3, 3, 3], 2), random([8], 3), random([8], 4)];
    const forward = (image: Tensor): Tensor => batchNorm(conv2d(image, weight, undefined, { padding: 1 }), { mean, variance: mean.mul(mean), weight: bias, bias }).relu();
    const f = compile(forward, { target });
    expect(distance(f(x).toTypedArray(), forward(x).toTypedArray())).toBeLessThan(1e-4);
    expect(f.explain()).toMatch(/convolution \+ .*select/);
  });

  it("treats NaN, infinities and signed zeros as eager execution does", () => {
    const special = tensor([NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40, 6, 3], { shape: [1, 1, 1, 10] });
    const one = tensor([1], { shape: [1, 1, 1, 1] });
    const epilogue = (y: Tensor): Tensor[] => [where(y.lessEqual(0), 0, where(y.greaterEqual(6), 6, y)), where(y.less(-1), -1, y), where(y.greater(1), y, -0), where(y.equal(0), 2, y), where(y.less(3), y, 3), maximum(y, 0), minimum(y, 0)];
    const f = compile((a: Tensor, b: Tensor) => epilogue(conv2d(a, b)), { target });
    const found = f(special, one);
    const expected = epilogue(conv2d(special, one));
    expect(f.explain()).toContain(", 1 kernel, 1 of them ");
    expected.forEach((each, at) => expect(found[at]?.toArray(), `result ${at}`).toEqual(each.toArray()));
  });
});

describe("respacing", () => {
  it("splits and merges loops where positions run on", () => {
    const affine = (...coefficients: readonly number[]) => ({ offset: 1, coefficients });
    expect(respacing([2, 30], [2, 5, 6])?.(affine(30, 1))).toEqual(affine(30, 6, 1));
    expect(respacing([60], [2, 5, 6])?.(affine(1))).toEqual(affine(30, 6, 1));
    expect(respacing([60], [2, 5, 6])?.(affine(0))).toEqual(affine(0, 0, 0));
    expect(respacing([5, 2, 3], [1, 5, 6])?.(affine(7, 3, 1))).toEqual(affine(0, 7, 1));
    expect(respacing([5, 2, 3], [1, 5, 6])?.(affine(7, 0, 1))).toBeUndefined();
    expect(respacing([10, 6], [2, 5, 6])?.(affine(1, 0))).toEqual(affine(5, 1, 0));
    expect(respacing([4, 15], [2, 5, 6])).toBeUndefined();
    expect(respacing([59], [2, 5, 6])).toBeUndefined();
  });
});
