import { compile } from "@nn/compiler";
import { readsOf, writesOf } from "@nn/compiler/target";
import * as t from "@nn/tensor";
import { Generator, normal, randomIntegers, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { kernelsOf } from "../kernels-of.js";
import { runKernel, type Contents } from "../run-kernel.js";
import { targets } from "../targets.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { generator: new Generator(seed) });
const below = (high: number, shape: readonly number[], seed: number): Tensor => randomIntegers(shape, { low: 0, high, generator: new Generator(seed) });
const whole = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });

type Compute = (...inputs: readonly Tensor[]) => Tensor | Tensor[];

/** Functions of a table with nine rows, and of a vector of indices of its rows. */
const reads: Readonly<Record<string, Compute>> = {
  rows: (table = table9, index = rows) => t.indexSelect(table, index, 0),
  "rows from the end": (table = table9, index = rows) => t.indexSelect(table, index.sub(9), 0),
  "rows, then work": (table = table9, index = rows) => t.indexSelect(table, index, 0).mul(2).add(1),
  "rows of booleans": (table = table9, index = rows) => t.indexSelect(table.greater(0), index, 0).cast("float32"),
  "rows of whole numbers": (table = table9, index = rows) => t.indexSelect(table.mul(10).cast("int32"), index, 0),
  "extremes of rows": (table = table9, index = rows) => [t.max(t.indexSelect(table, index, 0), 0), t.max(t.indexSelect(table, index, 0), 1)],
  "one of each row": (table = table9, index = rows) => t.takeAlongAxis(t.indexSelect(table, index, 0), index.less(4).cast("int32").reshape([index.size, 1]), 1),
  columns: (table = table9, index = rows) => t.indexSelect(table, index.less(4).cast("int32"), 1),
  elements: (table = table9, index = rows) => [t.take(table, index), t.take(table, index.mul(2).sub(18))],
  "an element and a row": (table = table9, index = rows) => [t.indexSelect(table, t.slice(index, [{ start: 3, stop: 4 }]), 0).mul(t.take(table, t.slice(index, [{ start: 5, stop: 6 }])))],
  "a table at two indices": (table = table9, index = rows) => t.indexSelect(table, index, 0).add(t.indexSelect(table, t.flip(index, 0), 0)),
};

const table9 = random([9, 5], 1);
const rows = below(9, [21], 2);
/** Only a part of a vector; and several vectors at a time, one, and a part of one. */
const widths = [3, 67];

describe.each(targets)("reads at computed positions with $name", (target) => {
  it.each(Object.keys(reads))("%s: as eager execution, on one thread and on three", (name) => {
    const compute = reads[name];
    if (compute === undefined) throw new Error("there is no such function");
    for (const width of widths) {
      const inputs = [random([9, width], width), rows];
      const expected = [compute(...inputs)].flat().map((each) => each.toArray());
      for (const threads of width === 67 ? [1, 3] : [1]) {
        const f = compile(compute, { target, threads });
        expect([f(...inputs)].flat().map((each) => each.toArray()), `with ${width} columns`).toEqual(expected);
        expect(f.explain()).toMatch(/, (\d+) kernels?, \1 of them /);
        f.dispose();
      }
    }
  });

  it.each(Object.keys(reads))("%s: nothing outside of the buffers is read into a result or written", (name) => {
    const compute = reads[name];
    if (compute === undefined) throw new Error("there is no such function");
    for (const width of [16, 400]) {
      const inputs = [random([9, width], width), rows];
      for (const kernel of kernelsOf(compute, inputs)) {
        const before: Contents = new Map([...readsOf(kernel)].map((buffer) => [buffer, buffer.dtype === "int32" && buffer.shape.length === 1 ? Int32Array.from(rows.toTypedArray()) : contentsOf(buffer.shape, buffer.dtype)]));
        const alone = runKernel(target, kernel, before);
        for (const buffer of writesOf(kernel)) {
          expect([...(alone.get(buffer) ?? [])].filter(Number.isNaN), `NaN in ${kernel.label}`).toEqual([]);
          expect(runKernel(target, kernel, before, { threads: 3 }).get(buffer), `three threads in ${kernel.label}`).toEqual(alone.get(buffer));
        }
      }
    }
  });

  const faulty: Readonly<Record<string, readonly [compute: Compute, indices: readonly Tensor[]]>> = {
    "an index that is too large": [(x = table9, index = rows) => t.indexSelect(x, index, 0), [whole([1, 8, 9]), whole([...new Array<number>(40).fill(3), 2 ** 31 - 1])]],
    "a negative index": [(x = table9, index = rows) => t.gather(x, index.reshape([index.size, 1]), 0), [whole([1, -1, 0]), whole([...new Array<number>(37).fill(3), -(2 ** 31)])]],
    "an index for each lane": [(x = table9, index = rows) => t.take(x, index), [whole([0, 44, 45]), whole([...new Array<number>(70).fill(7), 45, 46]), whole([-46])]],
    "an index along an axis": [(x = table9, index = rows) => t.takeAlongAxis(x, index.reshape([9, 1]), 1), [whole([0, 1, 2, 3, 4, 0, 1, 5, 0])]],
    "an index of a sum": [(x = table9, index = rows) => t.indexSelect(x, index, 0).sum(), [whole([2, 10])]],
    "an index of what is added": [(x = table9, index = rows) => t.scatterAdd(x, index.reshape([index.size, 1]).add(t.full([1, 5], 0, { dtype: "int32" })), t.ones([index.size, 5]), 0), [whole([2, 10]), whole([0, -1])]],
  };

  it.each(Object.keys(faulty))("%s is the same error as in eager execution, and changes nothing", (name) => {
    const [compute = (): Tensor => table9, cases = []] = faulty[name] ?? [];
    const state = new Variable(tensor([1, 2, 3]));
    const generator = new Generator(4);
    const step = (x: Tensor, index: Tensor): Tensor | Tensor[] => {
      state.value = state.value.add(generator.randomBits([3], 8).cast("float32"));
      return compute(x, index);
    };
    for (const threads of [1, 2]) {
      const f = compile(step, { target, threads });
      for (const index of cases) {
        const message = messageOf(() => compute(table9, index));
        expect(message).toMatch(/out of range/);
        const before = [state.value.toArray(), generator.stateDict()];
        expect(messageOf(() => f(table9, index))).toBe(message);
        expect([state.value.toArray(), generator.stateDict()]).toEqual(before);
        f(table9, whole([...index.toTypedArray()].map(() => 1)));
        expect(state.value.toArray()).not.toEqual(before[0]);
      }
      f.dispose();
    }
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return String(error);
  }
  return "no error";
}

/** Numbers that are indices of rows, as far as they are whole. */
function contentsOf(shape: readonly number[], dtype: t.DType): Float32Array | Int32Array | Uint8Array {
  const values = t.uniform(shape, { generator: new Generator(6) }).toTypedArray();
  return dtype === "float32" ? Float32Array.from(values) : dtype === "int32" ? Int32Array.from(values, Math.round) : Uint8Array.from(values, Math.round);
}
