import {
  argMax, argSort, cast, concat, cos, cumSum, expand, flip, gather, hostCallback, HostState, indexSelect, logSoftmax, matmul, maximum, minimum, pad, permute, pow, remainder,
  reshape, round, scatterAdd, select, slice, softmax, tensor, transpose, Variable, where, zeros, type Tensor,
} from "@nn/tensor";
import { Random } from "./random.js";

/** The inputs of a program. It reads all of them, and changes the variable and the count. */
export interface ProgramInputs {
  readonly floats: Tensor;
  /** Whole numbers of any size, from which indices are made. */
  readonly whole: Tensor;
  readonly variable: Variable;
  readonly count: HostState<number>;
}

/** The values that a program has computed so far. */
interface Values {
  /** Values that are equal bit by bit on every backend. Indices and comparisons are made from these. */
  readonly exact: Tensor[];
  /** Values that are rounded during the computation. */
  readonly rounded: Tensor[];
}

type Make = (x: Tensor, axis: number, random: Random, inputs: ProgramInputs, faulty: boolean) => Tensor | undefined;

const mostElements = 20_000;

/** Maps whole numbers to indices `0 … count − 1`; with a fault, one of them is out of range. */
function positionsFrom(whole: Tensor, count: number, faulty: boolean): Tensor {
  const positions = remainder(whole, tensor(count, { dtype: "int32" }));
  return faulty ? positions.add(cast(whole.equal(whole.max()), "int32").mul(count)) : positions;
}

const flat = (x: Tensor): Tensor => reshape(x, [x.size]);

/** Operations that give the same bits on every backend. */
const exactly: readonly Make[] = [
  (x) => x.abs(), (x) => x.neg(), (x) => x.relu(), (x) => x.mul(0.5), (x) => maximum(x, x.neg().mul(0.25)), (x) => minimum(x, 0.75),
  (x, axis) => x.max(axis, { keepAxes: true }), (x, axis) => flip(x, axis), (x, axis) => concat([x, x.neg()], axis), (x, axis) => select(x, axis, 0),
  (x, axis) => pad(x, x.shape.map((_, at) => (at === axis ? [1, 2] : [0, 0])), { value: 0.5 }),
  (x, axis) => slice(x, x.shape.map((length, at) => (at === axis ? { start: length > 1 ? 1 : 0, stop: length, step: 2 } : null))),
  (x, axis) => expand(x.unsqueeze(axis), [...x.shape.slice(0, axis), 2, ...x.shape.slice(axis)]),
  (x, _, random) => permute(x, x.shape.map((__, at) => at).toSorted(() => (random.chance(0.5) ? 1 : -1))),
  (x, _, random) => {
    const rows = random.pick([1, 2, 3, 4, 5, 6].filter((each) => x.size % each === 0));
    return reshape(x, [rows, x.size / rows]);
  },
  (x, axis) => where(x.less(x.max(axis, { keepAxes: true })), x, x.mul(0.5)),
  (x, axis) => cast(argMax(x, axis), "float32").mul(0.125),
  (x, axis) => gather(x, argSort(x, { axis }), axis),
  (x, axis, _, { whole }, faulty) => indexSelect(x, positionsFrom(flat(whole), x.shape[axis] ?? 1, faulty), axis),
  (x, _, __, { whole }, faulty) => {
    const size = Math.min(x.size, whole.size);
    return scatterAdd(zeros([7]), positionsFrom(flat(whole).slice([{ stop: size }]), 7, faulty), round(flat(x).slice([{ stop: size }])), 0);
  },
  (x, _, __, { whole }, faulty) => {
    const divisors = faulty ? whole.sub(whole.max()) : whole.mul(0).add(3);
    return cast(remainder(whole, divisors), "float32").mul(0.25).sum().mul(0).add(x);
  },
  (x, _, __, { whole }, faulty) => cast(pow(remainder(whole, tensor(5, { dtype: "int32" })), faulty ? whole.sub(whole.max()) : whole.mul(0).add(2)), "float32").max().add(x.mul(0)),
  (x, _, __, { variable }) => {
    variable.value = variable.value.mul(0.5).add(variable.value.mul(0).add(0.125));
    return x.add(variable.value.max().mul(0));
  },
  (x, _, __, { variable }) => {
    if (x.size < variable.shape.reduce((size, length) => size * length, 1)) return undefined;
    variable.value = reshape(flat(x).slice([{ stop: 12 }]), variable.shape);
    return x;
  },
  (x, _, __, { count }) => x.add(hostCallback(() => (count.value += 1)).mul(0)),
];

/** Operations that round. */
const rounding: readonly Make[] = [
  (x) => x.tanh(), (x) => x.sigmoid(), (x) => x.mul(0.3).exp(), (x) => x.square().add(1).sqrt(), (x) => x.add(0.1).mul(cos(x)),
  (x, axis) => x.sum(axis).mul(0.3), (x, axis) => x.mean(axis), (x, axis) => softmax(x, axis), (x, axis) => logSoftmax(x, axis), (x, axis) => cumSum(x, axis).mul(0.3),
  (x) => (x.rank < 2 ? undefined : matmul(x, transpose(x)).mul(0.2).tanh()), (x) => (x.rank < 2 ? undefined : matmul(transpose(x), x).mul(0.2).add(1)),
];

/** The inputs of the program of a seed, always the same. */
export function inputsOf(seed: number): ProgramInputs {
  const random = new Random(seed ^ 0x5eed);
  const shape = random.list(1 + random.below(3), () => 1 + random.below(random.chance(0.1) ? 40 : 7));
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    floats: tensor(Float32Array.from({ length: size }, () => Math.round(random.fraction() * 256 - 128) / 32), { shape }),
    whole: tensor(Int32Array.from({ length: 1 + random.below(9) }, () => random.below(1000)), { dtype: "int32" }),
    variable: new Variable(tensor(Float32Array.from({ length: 12 }, () => random.below(64) / 8), { shape: [3, 4] })),
    count: new HostState(0),
  };
}

/**
 * Runs the program of a seed: a chain of operations that the seed alone chooses, so that it is the same eagerly and while it is traced.
 * One program in four has a fault: an index out of range, a remainder by 0, or a negative power.
 */
export function runProgram(seed: number, inputs: ProgramInputs): Tensor[] {
  const random = new Random(seed);
  const values: Values = { exact: [inputs.floats], rounded: [inputs.floats] };
  const steps = 1 + random.below(14);
  const fault = random.chance(0.25) ? random.below(steps) : -1;
  for (let step = 0; step < steps; step++) {
    const isExact = random.chance(0.6);
    const x = random.pick(isExact ? values.exact : values.rounded);
    const make = random.pick(isExact ? exactly : rounding);
    const axis = random.below(Math.max(1, x.rank));
    if (x.rank === 0 || x.size === 0) continue;
    const next = make(x, axis, random, inputs, step === fault);
    if (next === undefined || next.size > mostElements || next.rank > 5) continue;
    values.rounded.push(next);
    if (isExact) values.exact.push(next);
  }
  return values.rounded.slice(-3);
}
