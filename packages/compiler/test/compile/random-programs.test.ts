import * as fc from "fast-check";
import { describe, it } from "vitest";
import {
  argMax, argSort, cast, concat, cumSum, expand, flip, floor, gather, log1p, matmul, maximum, pad, permute, reshape, select, slice,
  softmax, sum, tensor, transpose, where, type Tensor,
} from "@nn/tensor";
import { compile } from "../../src/index.js";

/** One step of a random program: takes earlier values by number and gives a new one, or nothing where it does not apply. */
type Step = (values: readonly Tensor[], a: number, b: number, c: number) => Tensor | undefined;

const pick = (values: readonly Tensor[], at: number): Tensor => {
  const value = values[at % values.length];
  if (value === undefined) throw new RangeError("a program begins with a value");
  return value;
};
const axisOf = (x: Tensor, at: number): number | undefined => (x.rank === 0 ? undefined : at % x.rank);

const binary = (f: (x: Tensor, y: Tensor) => Tensor): Step => (values, a, b) => {
  const [x, y] = [pick(values, a), pick(values, b)];
  const fits = x.shape.length >= y.shape.length && y.shape.every((length, at) => length === 1 || length === x.shape[at + x.rank - y.rank]);
  return fits ? f(x, y) : undefined;
};
const unary = (f: (x: Tensor) => Tensor): Step => (values, a) => f(pick(values, a));
const along = (f: (x: Tensor, axis: number) => Tensor): Step => (values, a, b) => {
  const x = pick(values, a);
  const axis = axisOf(x, b);
  return axis === undefined ? undefined : f(x, axis);
};

/** Steps whose results are the same to the bit where their inputs are: they move, choose or round nothing. */
const exact: readonly Step[] = [
  binary((x, y) => maximum(x, y)), unary((x) => x.abs()), unary((x) => x.relu()), unary((x) => x.neg()),
  along((x, axis) => x.max(axis, { keepAxes: true })), along((x, axis) => flip(x, axis)), along((x, axis) => concat([x, x.neg()], axis)),
  along((x, axis) => pad(x, x.shape.map((_, at) => (at === axis ? [1, 2] : [0, 0])), { value: 0.5 })),
  along((x, axis) => slice(x, x.shape.map((length, at) => (at === axis ? { start: length > 1 ? 1 : 0, stop: length, step: 2 } : null)))),
  along((x, axis) => select(x, axis, 0)),
  along((x, axis) => expand(x.unsqueeze(axis), [...x.shape.slice(0, axis), 2, ...x.shape.slice(axis)])),
  (values, a, b) => {
    const x = pick(values, a);
    return x.rank < 2 ? undefined : permute(x, x.shape.map((_, at) => (at + 1 + (b % (x.rank - 1))) % x.rank));
  },
  (values, a, b) => {
    const x = pick(values, a);
    const divisors = [1, 2, 3, 4, 5, 6].filter((d) => x.size % d === 0);
    const d = divisors[b % divisors.length] ?? 1;
    return reshape(x, [d, x.size / d]);
  },
];

/** Steps that jump: a rounding error before them could change everything after, so they are fed exact values only. */
const jumping: readonly Step[] = [
  binary((x, y) => where(x.less(y), x, y.mul(0.5))), binary((x, y) => where(x.lessEqual(y).logicalNot(), x, y)), unary((x) => floor(x).add(x.mul(0.1))),
  along((x, axis) => cast(argMax(x, axis), "float32").mul(0.2)), along((x, axis) => gather(x, argSort(x, { axis }), axis)),
];

/** Steps that round. */
const rounding: readonly Step[] = [
  binary((x, y) => x.add(y)), binary((x, y) => x.sub(y)), binary((x, y) => x.mul(y).tanh()),
  unary((x) => x.tanh()), unary((x) => x.sigmoid()), unary((x) => log1p(x.mul(0.3).exp())), unary((x) => x.square().add(1).sqrt()),
  along((x, axis) => sum(x, axis).mul(0.3)), along((x, axis) => x.mean(axis)), along((x, axis) => softmax(x, axis)),
  along((x, axis) => cumSum(x, axis).mul(0.3)),
  (values, a) => {
    const x = pick(values, a);
    return x.rank < 2 ? undefined : matmul(x, transpose(x)).mul(0.2).tanh();
  },
  (values, a) => {
    const x = pick(values, a);
    return x.rank < 2 ? undefined : matmul(transpose(x), x).mul(0.2).add(1);
  },
];

interface Program {
  readonly shape: readonly number[];
  readonly steps: readonly (readonly [number, number, number, number])[];
}

function run({ steps }: Program, input: Tensor): Tensor[] {
  const values = [input];
  const exactValues = [input];
  for (const [kind, a, b, c] of steps) {
    const all = [...exact, ...jumping, ...rounding];
    const step = all[kind % all.length];
    if (step === undefined) continue;
    const onExact = jumping.includes(step) || (exact.includes(step) && c % 2 === 0);
    const next = step(onExact ? exactValues : values, a, b, c);
    if (next === undefined || next.size > 4000 || next.rank > 5) continue;
    values.push(next);
    if (exact.includes(step) && onExact) exactValues.push(next);
  }
  return values.slice(-3);
}

function inputOf(shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tensor(Float32Array.from({ length: size }, (_, at) => Math.sin(at * 12.9898 + 1) * 2), { shape: [...shape] });
}

function check(program: Program): void {
  const input = inputOf(program.shape);
  const expected = run(program, input);
  const compiled = compile((x: Tensor) => run(program, x));
  const found = compiled(input);
  compiled.dispose();
  for (const [at, want] of expected.entries()) {
    const got = found[at];
    if (got === undefined || got.shape.join() !== want.shape.join() || got.dtype !== want.dtype) throw new Error(`value ${at} has another type`);
    const [x, y] = [got.toTypedArray(), want.toTypedArray()];
    for (let i = 0; i < y.length; i++) {
      const [p = NaN, q = NaN] = [x[i], y[i]];
      if (Math.abs(p - q) > 1e-4 + 1e-3 * Math.abs(q) && !Object.is(p, q)) throw new Error(`value ${at}, element ${i}: ${p} compiled, ${q} eager`);
    }
  }
}

describe("random programs", () => {
  it("compute the same compiled and eagerly", () => {
    const program = fc.record({
      shape: fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 3 }),
      steps: fc.array(fc.tuple(fc.nat(999), fc.nat(99), fc.nat(99), fc.nat(99)), { minLength: 1, maxLength: 14 }),
    });
    fc.assert(fc.property(program, check), { numRuns: Number(process.env["NN_RANDOM_PROGRAMS"] ?? 150) });
  });
});
