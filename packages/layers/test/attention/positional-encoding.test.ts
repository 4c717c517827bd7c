import { checkGradients } from "@nn/autograd";
import { Generator, narrow, normal, permute, select, slice, sum, tensor, zeros, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { LearnedPositionalEncoding, RotaryPositionalEncoding, SinusoidalPositionalEncoding, type RotaryPairs } from "../../src/index.js";

const random = (shape: readonly number[], seed: number): Tensor => normal(shape, { dtype: "float64", generator: new Generator(seed) });
const at = (position: number): Tensor => tensor(position, { dtype: "int32" });

test("sinusoidal: sines and cosines of the position", () => {
  const encoding = new SinusoidalPositionalEncoding(4, { base: 100, dtype: "float64" });
  const rows = encoding.forward(zeros([3, 4], { dtype: "float64" })).toArray() as number[][];
  rows.forEach((row, p) => {
    [Math.sin(p), Math.cos(p), Math.sin(p / 10), Math.cos(p / 10)].forEach((wanted, feature) => expect(row[feature]).toBeCloseTo(wanted, 12));
  });
});

test("sinusoidal and learned: layouts, and positions given as numbers and tensors", () => {
  for (const create of [
    (batchFirst: boolean) => new SinusoidalPositionalEncoding(4, { dtype: "float64", batchFirst }),
    (batchFirst: boolean) => new LearnedPositionalEncoding(16, 4, { dtype: "float64", batchFirst, generator: new Generator(1) }),
  ]) {
    const x = random([2, 3, 4], 2);
    const output = create(true).forward(x, { position: 5 });
    expect(create(true).forward(x, { position: at(5) }).toArray()).toEqual(output.toArray());
    expect(permute(create(false).forward(permute(x, [1, 0, 2]), { position: 5 }), [1, 0, 2]).toArray()).toEqual(output.toArray());
    expect(create(true).forward(slice(x, [1]), { position: 5 }).toArray()).toEqual(slice(output, [1]).toArray());
    expect(create(true).forward(x).toArray()).not.toEqual(output.toArray());
  }
});

test.each(["neighbours", "halves"] as const)("rotary: each step has the position that is given for it (%s)", (pairs) => {
  const rotary = new RotaryPositionalEncoding(4, { pairs, dtype: "float64" });
  const x = normal([2, 3, 3, 4], { dtype: "float64", generator: new Generator(1) });
  const rows = [[0, 1, 2], [0, 0, 7]];
  const output = rotary.forward(x, { positions: tensor(rows, { shape: [2, 1, 3], dtype: "int32" }) });
  const at = (of: Tensor, row: number, step: number): Tensor => narrow(select(of, 0, row), 1, step, 1);
  for (const row of [0, 1]) for (const step of [0, 1, 2]) {
    expect(at(output, row, step).toArray()).toEqual(rotary.forward(at(x, row, step), { position: rows[row]?.[step] ?? NaN }).toArray());
  }
  expect(rotary.forward(x, { positions: tensor([0, 1, 2], { dtype: "int32" }) }).toArray()).toEqual(rotary.forward(x).toArray());
});

test("sinusoidal and learned: each step has the position that is given for it, in both layouts", () => {
  const x = normal([2, 3, 4], { generator: new Generator(1) });
  const rows = [[0, 1, 2], [0, 0, 7]];
  const positions = tensor(rows, { dtype: "int32" });
  const learned = (batchFirst: boolean): LearnedPositionalEncoding => new LearnedPositionalEncoding(8, 4, { batchFirst, generator: new Generator(2) });
  for (const create of [learned, (batchFirst: boolean) => new SinusoidalPositionalEncoding(4, { batchFirst })]) {
    const output = create(true).forward(x, { positions });
    const at = (of: Tensor, row: number, step: number): Tensor => narrow(select(of, 0, row), 0, step, 1);
    for (const row of [0, 1]) for (const step of [0, 1, 2]) {
      expect(at(output, row, step).toArray()).toEqual(create(true).forward(at(x, row, step), { position: rows[row]?.[step] ?? NaN }).toArray());
    }
    expect(permute(create(false).forward(permute(x, [1, 0, 2]), { positions: positions.transpose() }), [1, 0, 2]).toArray()).toEqual(output.toArray());
  }
});

test("learned: adds the weights of the first positions", () => {
  const encoding = new LearnedPositionalEncoding(3, 2);
  expect(Object.keys(encoding.stateDict())).toEqual(["weight"]);
  expect(encoding.forward(zeros([2, 1, 2])).reshape([2, 2]).toArray()).toEqual(slice(encoding.weight.value, [{ stop: 2 }]).toArray());
});

const allPairs: readonly RotaryPairs[] = ["neighbours", "halves"];

test("rotary: products depend only on the distance, and lengths are unchanged", () => {
  for (const pairs of allPairs) {
    const rotary = new RotaryPositionalEncoding(6, { pairs, dtype: "float64" });
    const [q, k] = [random([1, 6], 3), random([1, 6], 4)];
    const product = (a: number, b: number): number => sum(rotary.forward(q, { position: a }).mul(rotary.forward(k, { position: b }))).item();
    expect(product(7, 3)).toBeCloseTo(product(104, 100), 10);
    expect(product(7, 3)).not.toBeCloseTo(product(7, 4), 3);
    expect(sum(rotary.forward(q, { position: 9 }).square()).item()).toBeCloseTo(sum(q.square()).item(), 10);
    expect(rotary.forward(q, { position: at(9) }).toArray()).toEqual(rotary.forward(q, { position: 9 }).toArray());
    expect(() => checkGradients((x) => rotary.forward(x), [random([2, 3, 6], 5)])).not.toThrow();
  }
});

test("rotary: each pair is rotated by its angle", () => {
  const turned = (pairs: RotaryPairs): number[] => {
    const rotary = new RotaryPositionalEncoding(4, { pairs, dtype: "float64", base: 1e30 });
    return [...rotary.forward(tensor([[1, 0, 0, 0]], { dtype: "float64" }), { position: 1 }).toTypedArray()];
  };
  expect(turned("neighbours")[1]).toBeCloseTo(Math.sin(1), 12);
  expect(turned("halves")[2]).toBeCloseTo(Math.sin(1), 12);
  expect(turned("halves")[0]).toBeCloseTo(Math.cos(1), 12);
});

test("errors", () => {
  expect(() => new RotaryPositionalEncoding(5)).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RotaryPositionalEncoding: size is 5, expected an even number: elements are rotated in pairs]`);
  expect(() => new RotaryPositionalEncoding(4).forward(zeros([2, 6]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: RotaryPositionalEncoding: input is [2, 6], expected [..., steps, 4]]`);
  const rotary = new RotaryPositionalEncoding(4, { maxLength: 3 });
  expect(() => rotary.forward(zeros([2, 4]), { position: 1, positions: tensor([0, 1], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(`[UsageError: RotaryPositionalEncoding: there are position and positions, expected one of them]`);
  expect(() => rotary.forward(zeros([2, 4]), { positions: tensor([0, 1]) })).toThrowErrorMatchingInlineSnapshot(`[DTypeError: RotaryPositionalEncoding: positions has dtype float32, expected int32]`);
  expect(() => rotary.forward(zeros([2, 4]), { positions: tensor([0, 1, 2], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: RotaryPositionalEncoding: positions are [3], expected a shape that broadcasts to [2], the input's without the last axis]`);
  expect(() => rotary.forward(zeros([2, 4]), { positions: tensor([0, 3], { dtype: "int32" }) })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: RotaryPositionalEncoding: index 3 at [1] is out of range; axis 0 has size 3; indices (of classes, of tokens) count from 0]`);
  expect(() => new RotaryPositionalEncoding(4, { maxLength: 3 }).forward(zeros([2, 4]), { position: 2 })).toThrowErrorMatchingInlineSnapshot(`[ShapeError: RotaryPositionalEncoding: 2 steps from position 2 on, but there are 3 positions; make it with a larger maxLength]`);
  expect(() => new SinusoidalPositionalEncoding(4, { maxLength: 3 }).forward(zeros([4, 1, 4]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: SinusoidalPositionalEncoding: 4 steps from position 0 on, but there are 3 positions; make it with a larger maxLength]`);
  expect(() => new LearnedPositionalEncoding(3, 4).forward(zeros([3, 1, 5]))).toThrowErrorMatchingInlineSnapshot(`[ShapeError: LearnedPositionalEncoding: input is [3, 1, 5], expected [steps, N, 4], or [steps, 4] without a batch]`);
  expect(() => new LearnedPositionalEncoding(3, 4).forward(zeros([3, 1, 4], { dtype: "float64" }))).toThrowErrorMatchingInlineSnapshot(`[DTypeError: LearnedPositionalEncoding: input has dtype float64, but the positions float32; cast one]`);
});
