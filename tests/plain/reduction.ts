import * as nn from "@nn/tensor";
import type { Axes, ReductionOptions, Tensor, ValuesAndIndices } from "@nn/tensor";
import { along, get, make, map, reduce, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Entry, type Trial } from "./trial.js";

/** All axes, one of them, or several. */
function axesOf(random: Random, rank: number): Axes {
  const how = rank === 0 ? 0 : random.int(0, 2);
  if (how === 0) return undefined;
  if (how === 1) return random.axis(rank);
  return random.shuffled(Array.from({ length: rank }, (_, axis) => axis)).slice(0, random.int(1, rank)).map((axis) => (random.bool() ? axis : axis - rank));
}

const listOf = (axes: Axes): readonly number[] | undefined => (typeof axes === "number" ? [axes] : axes);

const distinct = (random: Random, shape: readonly number[]): Plain => map({ shape, data: random.shuffled(random.list(shape.reduce((a, b) => a * b, 1), (at) => at)) }, (value) => value / 4 - 1);

type Run = (x: Tensor, axis?: Axes, options?: ReductionOptions) => Tensor;

const reduction = (run: Run, f: (values: readonly number[]) => number, array: (random: Random, shape: number[]) => Plain = (random, shape) => random.array(shape), options: Partial<Trial> = {}): Entry => (random) => {
  const x = array(random, random.shape([0, 4]));
  const [axes, keepAxes] = [axesOf(random, x.shape.length), random.bool()];
  return call(`x ${x.shape.join("x")}, axes ${String(axes)}, keepAxes ${keepAxes}`, [x], (a) => run(a as Tensor, axes, { keepAxes }), (a) => reduce(a, listOf(axes), keepAxes, f), options);
};

const withGaps = (random: Random, shape: number[]): Plain => map(random.array(shape), (value) => (random.bool(0.3) ? NaN : value));
const truths = (random: Random, shape: number[]): Plain => random.integers(shape, 0, 1);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const numbers = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));

const extreme = (run: typeof nn.argMax, best: (...values: number[]) => number): Entry => (random) => {
  const x = random.integers(random.shape([1, 3]), -2, 2);
  const [axis, keepAxes] = [random.maybe(() => random.axis(x.shape.length)), random.bool()];
  return call(`x ${x.shape.join("x")}, axis ${axis}, keepAxes ${keepAxes}`, [x], (a) => run(a as Tensor, axis, { keepAxes }),
    (a) => reduce(a, axis === undefined ? undefined : [axis], keepAxes, (values) => values.indexOf(best(...values))), { differentiable: false });
};

const squares = (values: readonly number[], correction: number): number => sum(values.map((value) => (value - mean(values)) ** 2)) / (values.length - correction);

const spread = (run: (x: Tensor, axis: Axes, options: nn.VarianceOptions) => readonly Tensor[], f: (values: readonly number[], correction: number) => readonly number[]): Entry => (random) => {
  const x = random.array(random.shape([1, 3], [3, 4]));
  const [axes, keepAxes, correction] = [axesOf(random, x.shape.length), random.bool(), random.maybe(() => random.int(0, 2))];
  return call(`x ${x.shape.join("x")}, axes ${String(axes)}, keepAxes ${keepAxes}, correction ${correction}`, [x], (a) => run(a as Tensor, axes, { keepAxes, correction }),
    (a) => f(a.data.slice(0, 1), 0).map((_, at) => reduce(a, listOf(axes), keepAxes, (values) => get(f(values, correction ?? 1), at))));
};

const normOf = (values: readonly number[], p: number): number => {
  const sizes = values.map(Math.abs);
  if (p === Infinity) return Math.max(...sizes);
  if (p === -Infinity) return Math.min(...sizes);
  return p === 0 ? sizes.filter((size) => size !== 0).length : sum(sizes.map((size) => size ** p)) ** (1 / p);
};

const quantileOf = (values: readonly number[], q: number, interpolation: string): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const position = q * (sorted.length - 1);
  const [low, high] = [get(sorted, Math.floor(position)), get(sorted, Math.ceil(position))];
  const rest = position - Math.floor(position);
  if (interpolation === "lower") return low;
  if (interpolation === "higher") return high;
  if (interpolation === "midpoint") return (low + high) / 2;
  if (interpolation === "nearest") return rest < 0.5 || (rest === 0.5 && Math.floor(position) % 2 === 0) ? low : high;
  return low + rest * (high - low);
};

/** Functions that reduce many numbers to one. */
export const reductions: Entries = {
  sum: reduction(nn.sum, sum), mean: reduction(nn.mean, mean), prod: reduction(nn.prod, (values) => values.reduce((a, b) => a * b, 1)),
  max: reduction(nn.max, (values) => Math.max(...values), distinct), min: reduction(nn.min, (values) => Math.min(...values), distinct),
  logSumExp: reduction(nn.logSumExp, (values) => Math.log(sum(values.map(Math.exp)))),
  nanSum: reduction(nn.nanSum, (values) => sum(numbers(values)), withGaps, { differentiable: false }),
  nanMean: reduction(nn.nanMean, (values) => mean(numbers(values)), withGaps, { differentiable: false }),
  any: reduction(nn.any, (values) => Number(values.some((value) => value !== 0)), truths, { differentiable: false }),
  all: reduction(nn.all, (values) => Number(values.every((value) => value !== 0)), truths, { differentiable: false }),
  countNonZero: reduction(nn.countNonZero, (values) => values.filter((value) => value !== 0).length, truths, { differentiable: false }),
  argMax: extreme(nn.argMax, Math.max), argMin: extreme(nn.argMin, Math.min),
  variance: spread((x, axis, options) => [nn.variance(x, axis, options)], (values, correction) => [squares(values, correction)]),
  std: spread((x, axis, options) => [nn.std(x, axis, options)], (values, correction) => [Math.sqrt(squares(values, correction))]),
  varianceAndMean: spread((x, axis, options) => Object.values(nn.varianceAndMean(x, axis, options)), (values, correction) => [squares(values, correction), mean(values)]),
  stdAndMean: spread((x, axis, options) => Object.values(nn.stdAndMean(x, axis, options)), (values, correction) => [Math.sqrt(squares(values, correction)), mean(values)]),
  median: (random) => {
    const x = distinct(random, random.shape([1, 3]));
    const [axis, keepAxes] = [random.maybe(() => random.axis(x.shape.length)), random.bool()];
    return call(`x ${x.shape.join("x")}, axis ${axis}`, [x], (a) => nn.median(a as Tensor, axis, { keepAxes }),
      (a) => reduce(a, axis === undefined ? undefined : [axis], keepAxes, (values) => get(values.toSorted((p, q) => p - q), (values.length - 1) >> 1)));
  },
  quantile: (random) => {
    const x = distinct(random, random.shape([1, 3]));
    const interpolation = random.pick(["linear", "lower", "higher", "midpoint", "nearest"] as const);
    const [axis, q, keepAxes] = [random.maybe(() => random.axis(x.shape.length)), random.pick([0, 0.25, 0.3, 0.5, 0.8, 1]), random.bool()];
    return call(`x ${x.shape.join("x")}, axis ${axis}, q ${q}, ${interpolation}`, [x], (a) => nn.quantile(a as Tensor, q, { axis, keepAxes, interpolation }),
      (a) => reduce(a, axis === undefined ? undefined : [axis], keepAxes, (values) => quantileOf(values, q, interpolation)));
  },
  norm: (random) => {
    const x = random.array(random.shape([1, 3]), 0.2, 2);
    const [axis, p, keepAxes] = [axesOf(random, x.shape.length), random.pick([undefined, 0, 1, 2, 3, 0.5, Infinity, -Infinity]), random.bool()];
    return call(`x ${x.shape.join("x")}, axes ${String(axis)}, p ${p}`, [x], (a) => nn.norm(a as Tensor, { p, axis, keepAxes }), (a) => reduce(a, listOf(axis), keepAxes, (values) => normOf(values, p ?? 2)));
  },
};

const prefixes = (f: (values: readonly number[]) => number) => (row: readonly number[]): number[] => row.map((_, at) => f(row.slice(0, at + 1)));

const scan = (run: (x: Tensor, axis: number) => Tensor, f: (values: readonly number[]) => number): Entry => (random) => {
  const x = random.array(random.shape([1, 3]));
  const axis = random.axis(x.shape.length);
  return call(`x ${x.shape.join("x")}, axis ${axis}`, [x], (a) => run(a as Tensor, axis), (a) => along(a, axis, prefixes(f)));
};

const extremeSoFar = (run: (x: Tensor, axis: number) => ValuesAndIndices, best: (...values: number[]) => number): Entry => (random) => {
  const x = distinct(random, random.shape([1, 3]));
  const axis = random.axis(x.shape.length);
  return call(`x ${x.shape.join("x")}, axis ${axis}`, [x], (a) => {
    const { values, indices } = run(a as Tensor, axis);
    return [values, indices];
  }, (a) => [along(a, axis, prefixes((values) => best(...values))), along(a, axis, prefixes((values) => values.indexOf(best(...values))))]);
};

const differences = (row: readonly number[], order: number): readonly number[] =>
  (order === 0 ? row : differences(row.slice(1).map((value, at) => value - get(row, at)), order - 1));

/** Functions that go along an axis. */
export const scans: Entries = {
  cumSum: scan(nn.cumSum, sum), cumProd: scan(nn.cumProd, (values) => values.reduce((a, b) => a * b, 1)),
  logCumSumExp: scan(nn.logCumSumExp, (values) => Math.log(sum(values.map(Math.exp)))),
  cumMax: extremeSoFar(nn.cumMax, Math.max), cumMin: extremeSoFar(nn.cumMin, Math.min),
  diff: (random) => {
    const x = random.array(random.shape([1, 3], [3, 5]));
    const [axis, order] = [random.axis(x.shape.length), random.int(1, 2)];
    return call(`x ${x.shape.join("x")}, axis ${axis}, order ${order}`, [x], (a) => nn.diff(a as Tensor, { axis, order }), (a) => along(a, axis, (row) => differences(row, order)));
  },
};

const order = (row: readonly number[], descending: boolean): number[] =>
  row.map((_, at) => at).toSorted((a, b) => (descending ? get(row, b) - get(row, a) : get(row, a) - get(row, b)) || a - b);

/** Functions that sort and search. */
export const sorting: Entries = {
  sort: (random) => {
    const x = random.integers(random.shape([1, 3]), -2, 2);
    const [axis, descending] = [random.axis(x.shape.length), random.bool()];
    return call(`x ${x.shape.join("x")}, axis ${axis}, descending ${descending}`, [x], (a) => {
      const { values, indices } = nn.sort(a as Tensor, { axis, descending });
      return [values, indices];
    }, (a) => [along(a, axis, (row) => order(row, descending).map((at) => get(row, at))), along(a, axis, (row) => order(row, descending))], { differentiable: false });
  },
  argSort: (random) => {
    const x = random.integers(random.shape([1, 3]), -2, 2);
    const [axis, descending] = [random.axis(x.shape.length), random.bool()];
    return call(`x ${x.shape.join("x")}, axis ${axis}`, [x], (a) => nn.argSort(a as Tensor, { axis, descending }), (a) => along(a, axis, (row) => order(row, descending)), { differentiable: false });
  },
  topK: (random) => {
    const x = distinct(random, random.shape([1, 3], [2, 4]));
    const [axis, largest] = [random.axis(x.shape.length), random.bool()];
    const k = random.int(1, 2);
    const best = (row: readonly number[]): number[] => order(row, largest).slice(0, k);
    return call(`x ${x.shape.join("x")}, axis ${axis}, k ${k}, largest ${largest}`, [x], (a) => {
      const { values, indices } = nn.topK(a as Tensor, k, { axis, largest });
      return [values, indices];
    }, (a) => [along(a, axis, (row) => best(row).map((at) => get(row, at))), along(a, axis, best)]);
  },
  kthValue: (random) => {
    const x = distinct(random, random.shape([1, 3], [2, 4]));
    const [axis, k, keepAxes] = [random.axis(x.shape.length), random.int(1, 2), random.bool()];
    return call(`x ${x.shape.join("x")}, axis ${axis}, k ${k}`, [x], (a) => {
      const { values, indices } = nn.kthValue(a as Tensor, k, { axis, keepAxes });
      return [values, indices];
    }, (a) => {
      const at = (row: readonly number[]): number => get(order(row, false), k - 1);
      return [reduce(a, [axis], keepAxes, (row) => get(row, at(row))), reduce(a, [axis], keepAxes, at)];
    });
  },
  searchSorted: (random) => {
    const [sorted, values, right] = [random.integers([random.int(1, 6)], -3, 3), random.integers(random.shape(), -4, 4), random.bool()];
    const line: Plain = { ...sorted, data: sorted.data.toSorted((a, b) => a - b) };
    return call(`right ${right}`, [line, values], (a, b) => nn.searchSorted(a as Tensor, b as Tensor, { right }),
      (a, b) => map(b, (value) => a.data.filter((each) => (right ? each <= value : each < value)).length), { differentiable: false });
  },
  bucketize: (random) => {
    const [sorted, values, right] = [random.integers([random.int(1, 6)], -3, 3), random.integers(random.shape(), -4, 4), random.bool()];
    const line: Plain = { ...sorted, data: sorted.data.toSorted((a, b) => a - b) };
    return call(`right ${right}`, [values, line], (a, b) => nn.bucketize(a as Tensor, b as Tensor, { right }),
      (a, b) => map(a, (value) => b.data.filter((each) => (right ? each <= value : each < value)).length), { differentiable: false });
  },
};

/** Functions that count; for most, the number of results depends on the values. */
export const counting: Entries = {
  nonZero: (random) => {
    const x = random.integers(random.shape([1, 3]), 0, 1);
    return call(`x ${x.shape.join("x")}`, [x], (a) => nn.nonZero(a as Tensor), (a) => {
      const strides = a.shape.map((_, axis) => a.shape.slice(axis + 1).reduce((p, q) => p * q, 1));
      const found = a.data.flatMap((value, at) => (value === 0 ? [] : [at]));
      return make([found.length, a.shape.length], ([row = 0, axis = 0]) => Math.floor(get(found, row) / get(strides, axis)) % get(a.shape, axis));
    }, { differentiable: false, compiled: false });
  },
  maskedSelect: (random) => {
    const x = random.array(random.shape());
    const mask = random.integers(x.shape, 0, 1);
    return call(`x ${x.shape.join("x")}`, [x], (a) => nn.maskedSelect(a as Tensor, nn.tensor([...mask.data], { shape: x.shape, dtype: "bool" })), (a) => {
      const data = a.data.filter((_, at) => mask.data[at] === 1);
      return { shape: [data.length], data };
    }, { compiled: false });
  },
  unique: (random) => {
    const x = random.integers(random.shape([1, 2]), -2, 2);
    return call(`x ${x.data.join(" ")}`, [x], (a) => {
      const { values, inverse, counts } = nn.unique(a as Tensor);
      return [values, inverse, counts];
    }, (a) => {
      const values = [...new Set(a.data)].toSorted((p, q) => p - q);
      return [{ shape: [values.length], data: values }, map(a, (value) => values.indexOf(value)),
        { shape: [values.length], data: values.map((value) => a.data.filter((each) => each === value).length) }];
    }, { differentiable: false, compiled: false });
  },
  binCount: (random) => {
    const x = random.integers([random.int(1, 8)], 0, 4);
    const minLength = random.pick([0, 3, 7]);
    const weights = random.maybe(() => random.array(x.shape));
    return call(`x ${x.data.join(" ")}, minLength ${minLength}`, [x, ...(weights === undefined ? [] : [weights])], (a, b) => nn.binCount(nn.cast(a as Tensor, "int32"), { weights: b, minLength }), (a, b) =>
      make([Math.max(minLength, ...a.data.map((value) => value + 1))], ([bin]) => sum(a.data.map((value, at) => (value === bin ? (b?.data[at] ?? 1) : 0)))), { differentiable: false, compiled: false });
  },
  histogram: (random) => {
    const x = random.array(random.shape());
    const [bins, low, high] = [random.int(1, 5), random.real(-2, -0.5), random.real(0, 2)];
    return call(`${bins} bins from ${low} to ${high}`, [x], (a) => nn.histogram(a as Tensor, { bins, low, high }), (a) =>
      make([bins], ([bin]) => a.data.filter((value) => value >= low && value <= high && Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)) === bin).length), { differentiable: false });
  },
};
