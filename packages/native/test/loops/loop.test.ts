import { compile } from "@nn/compiler";
import { readsOf, writesOf, type Buffer, type KernelTarget } from "@nn/compiler/target";
import * as t from "@nn/tensor";
import { Generator, normal, tensor, uniform, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { kernelsOf } from "../kernels-of.js";
import { runKernel, type Contents } from "../run-kernel.js";
import { targets } from "../targets.js";
import { distance } from "../matmul/kernels.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { generator: new Generator(seed) });

/** Numbers from 0 to 1, of the dtype of a buffer. */
function contentsOf({ shape, dtype }: Buffer): Float32Array | Int32Array | Uint8Array {
  const values = uniform(shape, { generator: new Generator(6) }).toTypedArray();
  return dtype === "float32" ? Float32Array.from(values) : dtype === "int32" ? Int32Array.from(values, Math.round) : Uint8Array.from(values, Math.round);
}

type Compute = (...inputs: readonly Tensor[]) => Tensor | Tensor[];

/** The results of a function as compiled for a target. Fails unless every kernel is machine code. */
function run(compute: Compute, inputs: readonly Tensor[], target: KernelTarget): Tensor[] {
  const f = compile(compute, { target });
  const found = [f(...inputs)].flat();
  expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
  f.dispose();
  return found;
}

/** The same as WebAssembly. */
function asWebAssembly(compute: Compute, inputs: readonly Tensor[]): Tensor[] {
  const f = compile(compute, { threads: 1 });
  const found = [f(...inputs)].flat();
  f.dispose();
  return found;
}

const special = [NaN, Infinity, -Infinity, 0, -0, 1, -1, 0.5, -0.5, 1e-40, -1e-40, 3e38, -3e38, 88.8, -104, 2, -2, 1e-3, 9, 127.5];
const numbers = tensor([...special, ...Array.from({ length: 400 }, (_, i) => Math.fround((i - 200) * 0.217)), ...Array.from({ length: 60 }, (_, i) => Math.fround(2 ** (i * 2 - 60)))]);

const elementwise: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor | Tensor[]>> = {
  exp: (x) => t.exp(x), expm1: (x) => t.expm1(x), log: (x) => t.log(x), log1p: (x) => t.log1p(x), tanh: (x) => t.tanh(x), sigmoid: (x) => t.sigmoid(x),
  erf: (x) => t.erf(x), erfc: (x) => t.erfc(x), erfInv: (x) => t.erfInv(x), atan2: (x, y) => t.atan2(x, y), sin: (x) => [t.sin(x), t.sin(x.mul(1e5))], cos: (x) => [t.cos(x), t.cos(x.mul(1e5))],
  remainder: (x, y) => [t.remainder(x, y), t.remainder(x, 0.7), t.remainder(x.mul(1e20), y.mul(1e-20))], "many rare arguments": (x, y) => t.sin(x).add(t.cos(y.mul(1e4))).mul(t.remainder(x, 3)).sub(t.pow(x, y)).add(x),
  pow: (x, y) => [t.pow(x, y), t.pow(x, 2.5), t.pow(t.abs(x), y.mul(0.1)), t.pow(y, t.round(x))],
  sqrt: (x) => t.sqrt(x), "reciprocal roots": (x) => t.sqrt(x).mul(0).add(1).div(t.sqrt(x)), arithmetic: (x, y) => x.add(y).mul(x).sub(y.div(x)).neg(),
  rounding: (x) => [t.floor(x), t.ceil(x), t.round(x), t.trunc(x), t.sign(x), t.abs(x)],
  extremes: (x, y) => [t.maximum(x, y), t.minimum(x, y), t.maximum(x, 0), t.minimum(x, 0)],
  comparisons: (x, y) => [x.less(y), x.lessEqual(y), x.equal(y), x.greater(0).logicalAnd(y.greater(0)), x.less(0).logicalOr(y.less(0)).logicalNot()],
  choices: (x, y) => t.where(x.greater(y), x, y.mul(2)),
  casts: (x) => [x.cast("int32"), x.cast("bool"), x.cast("int32").cast("float32"), x.greater(1).cast("float32"), x.greater(1).cast("int32"), x.cast("int32").cast("bool")],
  "whole numbers": (x, y) => {
    const [a, b] = [x.cast("int32"), y.cast("int32")];
    return [a.add(b), a.sub(b), a.mul(b), a.neg(), t.abs(a), t.sign(a), t.maximum(a, b), t.minimum(a, b), a.less(b), a.lessEqual(b), a.equal(b)];
  },
  "remainders and powers of whole numbers": (x, y) => {
    const [a, b] = [x.mul(9).cast("int32"), y.mul(9).cast("int32")];
    return [t.remainder(a, t.where(b.equal(0), -7, b)), t.remainder(a, 12), t.pow(a, t.remainder(b, 9)), t.pow(a, t.remainder(b, 2 ** 30)), t.pow(a, 3)];
  },
};

const sizes = [[1, 1], [2, 17], [7, 32], [4, 65], [130, 3]] as const;

/** Of a matrix, a row and a column. */
const shaped: Readonly<Record<string, (x: Tensor, row: Tensor, column: Tensor) => Tensor | Tensor[]>> = {
  broadcasts: (x, row, column) => [x.add(row).mul(column), row.mul(column), t.exp(row).add(column), x.greater(row), column.greater(row).logicalOr(x.less(column))],
  "sums of rows": (x, row) => [x.sum(1), x.mul(row).sum(1), t.norm(x, { axis: 1 })],
  "sums of columns": (x, _, column) => [x.sum(0), x.mul(column).sum(0)],
  "sums of everything": (x) => [x.sum(), x.mean(), x.mul(x).sum()],
  products: (x) => [t.prod(x.mul(0.01).add(1), 1), t.prod(x.mul(0.01).add(1), 0)],
  extremes: (x) => [t.max(x, 1), t.min(x, 0), t.max(x), t.min(x, 1)],
  softmax: (x) => [t.softmax(x, 1), t.softmax(x, 0), t.logSoftmax(x, 1)],
  normalisation: (x, row) => {
    const centred = x.sub(x.mean(1, { keepAxes: true }));
    return centred.div(t.sqrt(centred.mul(centred).mean(1, { keepAxes: true }).add(1e-5))).mul(row);
  },
  strides: (x) => [2, 3, 4, -1, -2, -4, 7].flatMap((step) => {
    const [every, number] = [t.slice(x, [null, { step }]), t.slice(x.cast("int32"), [null, { step }])];
    return [every.mul(2), every.sum(1), t.max(every, 0), number.add(1)];
  }),
  transposes: (x) => [t.transpose(x).mul(2), t.transpose(x).sum(1), t.transpose(x.cast("int32")).add(1), t.softmax(t.transpose(x), 0)],
  positions: (x) => [t.arange(0, x.shape[1] ?? 0).mul(x), t.arange(0, x.size).reshape(x.shape).add(x), t.arange(0, x.shape[1] ?? 0, { dtype: "int32" }).add(1).cast("float32").sub(x)],
};

describe.each(targets)("loops with $name", (target) => {
  it.each(Object.keys(elementwise))("%s: the bits of WebAssembly", (name) => {
    const compute = elementwise[name];
    if (compute === undefined) throw new Error("there is no such function");
    const other = tensor([...numbers.toTypedArray()].toReversed());
    const inputs = [numbers, other];
    const found = run(compute as Compute, inputs, target);
    const expected = asWebAssembly(compute as Compute, inputs);
    expected.forEach((each, at) => expect(found[at]?.toArray(), `result ${at}`).toEqual(each.toArray()));
  });

  const faulty: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
    "a remainder by 0": (x, y) => t.remainder(x, y.sub(2)),
    "a negative exponent": (x, y) => t.pow(x, y.sub(3)),
    "a remainder by 0 in a sum": (x, y) => t.remainder(x, y.sub(2)).sum(),
  };

  it.each(Object.keys(faulty))("%s of whole numbers is the error of eager execution", (name) => {
    const compute = faulty[name];
    if (compute === undefined) throw new Error("there is no such function");
    const f = compile(compute, { target });
    const x = t.arange(0, 55, { dtype: "int32" });
    for (const at of [0, 31, 54]) {
      const y = tensor(Array.from({ length: 55 }, (_, i) => (i < at ? 5 : 2)), { dtype: "int32" });
      expect(() => f(x, y)).toThrow(messageOf(() => compute(x, y)));
      expect(f(x, y.add(3)).toArray()).toEqual(compute(x, y.add(3)).toArray());
    }
    expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
    f.dispose();
  });

  it.each(Object.keys(shaped))("%s: as eager execution, with tensors of every size", (name) => {
    const compute = shaped[name];
    if (compute === undefined) throw new Error("there is no such function");
    for (const [rows, columns] of sizes) {
      const inputs = [random([rows, columns], 1), random([columns], 2), random([rows, 1], 3)];
      const found = run(compute as Compute, inputs, target);
      const expected = [(compute as Compute)(...inputs)].flat();
      expected.forEach((each, at) => {
        const truth = each.toTypedArray();
        expect(found[at]?.shape).toEqual(each.shape);
        expect(distance(found[at]?.toTypedArray() ?? [], truth) / (1 + distance(truth, new Float32Array(truth.length))), `result ${at} of ${rows} x ${columns}`).toBeLessThan(1e-6);
      });
    }
  });

  it.each(Object.keys(shaped))("%s: nothing outside of the buffers is read into a result or written, on one thread and on three", (name) => {
    const compute = shaped[name];
    if (compute === undefined) throw new Error("there is no such function");
    for (const [rows, columns] of [[2, 17], [5, 1700], [1700, 5]] as const) {
      for (const kernel of kernelsOf(compute as Compute, [random([rows, columns], 1), random([columns], 2), random([rows, 1], 3)])) {
        const before: Contents = new Map([...readsOf(kernel)].map((buffer) => [buffer, contentsOf(buffer)]));
        const alone = runKernel(target, kernel, before);
        const together = runKernel(target, kernel, before, { threads: 3 });
        for (const buffer of writesOf(kernel)) {
          const found = alone.get(buffer);
          expect([...(found ?? [])].filter(Number.isNaN), `NaN in ${kernel.label}`).toEqual([]);
          expect(together.get(buffer), `three threads in ${kernel.label}`).toEqual(found);
        }
      }
    }
  });

  it("adds in float64, so that long sums are those of eager execution", () => {
    const x = normal([3, 50_000], { generator: new Generator(5) }).add(10);
    for (const compute of [(each: Tensor): Tensor => each.sum(1), (each: Tensor): Tensor => each.sum(0).sum(), (each: Tensor): Tensor => each.sum()]) {
      const f = compile(compute, { target });
      expect(distance(f(x).toTypedArray(), compute(x).toTypedArray()) / 1.5e6).toBeLessThan(1e-7);
      f.dispose();
    }
  });

  it("gives the extremes of rows with NaN, infinities and zeros of both signs", () => {
    const rows = tensor([[NaN, 1, 2], [-Infinity, -Infinity, -Infinity], [-0, 0, -0], [Infinity, 3, NaN], [5, -7, 6]]);
    const compute = (x = rows): Tensor[] => [t.max(x, 1), t.min(x, 1), t.max(x, 0), t.min(x, 0), t.max(x.cast("int32"), 1), t.min(x.cast("int32"), 0), x.cast("int32").sum(1)];
    const found = run(compute, [rows], target);
    const expected = compute();
    expected.forEach((each, at) => expect(found[at]?.toArray(), `result ${at}`).toEqual(each.toArray()));
  });

  it.each(["softmax", "columns", "a step"])("has the same bits on any number of threads: %s", async (name) => {
    const compute: Compute = (x = random([1], 1)) => (name === "softmax" ? t.softmax(x, 1) : name === "columns" ? [x.sum(0), t.max(x, 0)] : t.exp(x).mul(2).add(1));
    const x = random([203, 517], 4);
    const alone = [compile(compute, { target, threads: 1 })(x)].flat().map((each) => each.toArray());
    for (const threads of [2, 3]) {
      const f = compile(compute, { target, threads });
      for (let run = 0; run < 5; run++) {
        expect([f(x)].flat().map((each) => each.toArray())).toEqual(alone);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      f.dispose();
    }
  });

  it("updates variables in place", () => {
    const [weight, speed] = [new Variable(random([33, 7], 7)), new Variable(random([33, 7], 8))];
    const [w, v] = [weight.value, speed.value];
    const step = compile((gradient: Tensor) => {
      speed.value = speed.value.mul(0.9).add(gradient);
      weight.value = weight.value.sub(speed.value.mul(0.1));
    }, { target });
    const gradient = random([33, 7], 9);
    step(gradient);
    const expected = v.mul(0.9).add(gradient);
    expect(speed.value.toArray()).toEqual(expected.toArray());
    expect(weight.value.toArray()).toEqual(w.sub(expected.mul(0.1)).toArray());
    expect(step.explain()).toContain("2 updated in place");
    step.dispose();
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("there is no error");
}
