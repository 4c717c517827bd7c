import * as nn from "@nn/losses";
import type { Reduction } from "@nn/losses";
import { tensor, type Tensor } from "@nn/tensor";
import { at, concat, get, indicesOf, make, map, reduce, scalar, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries, type Entry } from "./trial.js";

/** A constant in the dtype of a tensor: targets and weights, which need no gradient. */
const like = (x: Tensor, { shape, data }: Plain): Tensor => tensor([...data], { shape, dtype: x.dtype });
const int32 = ({ shape, data }: Plain): Tensor => tensor([...data], { shape, dtype: "int32" });

function reduced(losses: Plain, reduction: Reduction, divisor = losses.data.length): Plain {
  if (reduction === "none") return losses;
  return scalar(sum(losses.data) / (reduction === "mean" ? divisor : 1));
}

const reductionOf = (random: Random): Reduction => random.pick(["mean", "sum", "none"]);

interface Pair {
  readonly ours: (x: Tensor, y: Tensor) => Tensor;
  readonly plain: (x: number, y: number) => number;
  readonly what?: string;
}

/** A loss of numbers, element by element. */
const pairs = (of: (random: Random, reduction: Reduction) => Pair, prediction: readonly [number, number] = [-3, 3], targets: (random: Random, shape: number[]) => Plain = (random, shape) => random.array(shape, -3, 3)): Entry => (random) => {
  const shape = random.shape([1, 3]);
  const [reduction, y] = [reductionOf(random), targets(random, shape)];
  const { ours, plain, what = "" } = of(random, reduction);
  return call(`${shape.join("x")}, ${reduction} ${what}`, [random.array(shape, ...prediction)], (x) => ours(x as Tensor, like(x as Tensor, y)), (x) => reduced(zip(plain, x, y), reduction));
};

const signs = (random: Random, shape: readonly number[]): Plain => map(random.integers(shape, 0, 1), (value) => 2 * value - 1);
const chances = (random: Random, shape: readonly number[]): Plain => (random.bool() ? random.integers(shape, 0, 1) : random.array(shape, 0, 1));
const logSigmoid = (x: number): number => (x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const safeLog = (p: number): number => Math.max(Math.log(p), -100);

const logFactorial = (y: number): number => (y > 1 ? y * Math.log(y) - y + Math.log(2 * Math.PI * y) / 2 : 0);

const numbers: Entries = {
  mse: pairs((_, reduction) => ({ ours: (x, y) => nn.mse(x, y, { reduction }), plain: (x, y) => (x - y) ** 2 })),
  l1: pairs((_, reduction) => ({ ours: (x, y) => nn.l1(x, y, { reduction }), plain: (x, y) => Math.abs(x - y) })),
  huber: pairs((random, reduction) => {
    const delta = random.pick([1, 0.5, 2]);
    return { ours: (x, y) => nn.huber(x, y, { reduction, delta }), plain: (x, y) => (Math.abs(x - y) < delta ? (x - y) ** 2 / 2 : delta * (Math.abs(x - y) - delta / 2)), what: `delta ${delta}` };
  }),
  smoothL1: pairs((random, reduction) => {
    const beta = random.pick([1, 0.5, 2, 0]);
    return { ours: (x, y) => nn.smoothL1(x, y, { reduction, beta }), plain: (x, y) => (Math.abs(x - y) < beta ? (x - y) ** 2 / (2 * beta) : Math.abs(x - y) - beta / 2), what: `beta ${beta}` };
  }),
  softMargin: pairs((_, reduction) => ({ ours: (x, y) => nn.softMargin(x, y, { reduction }), plain: (x, y) => -logSigmoid(x * y) }), [-5, 5], signs),
  hingeEmbedding: pairs((random, reduction) => {
    const margin = random.pick([1, 0.5]);
    return { ours: (x, y) => nn.hingeEmbedding(x, y, { reduction, margin }), plain: (x, y) => (y === 1 ? x : Math.max(0, margin - x)), what: `margin ${margin}` };
  }, [0, 2], signs),
  poissonNegativeLogLikelihood: pairs((random, reduction) => {
    const [logInput, full, epsilon] = [random.bool(), random.bool(), random.pick([1e-8, 0.1])];
    return {
      ours: (x, y) => nn.poissonNegativeLogLikelihood(x, y, { reduction, logInput, full, epsilon }),
      plain: (x, y) => (logInput ? Math.exp(x) - y * x : x - y * Math.log(x + epsilon)) + (full ? logFactorial(y) : 0), what: `logInput ${logInput}, full ${full}`,
    };
  }, [0.2, 2], (random, shape) => random.integers(shape, 0, 5)),
  binaryCrossEntropy: pairs((_, reduction) => ({ ours: (x, y) => nn.binaryCrossEntropy(x, y, { reduction }), plain: (x, y) => -(y * safeLog(x) + (1 - y) * safeLog(1 - x)) }), [0.05, 0.95], chances),
  binaryFocal: pairs((random, reduction) => {
    const [gamma, alpha] = [random.pick([0, 1, 2, 2.5]), random.maybe(() => 0.25)];
    return {
      ours: (x, y) => nn.binaryFocal(x, y, { reduction, gamma, alpha }), what: `gamma ${gamma}, alpha ${alpha}`,
      plain: (x, y) => {
        const p = y === 1 ? sigmoid(x) : sigmoid(-x);
        return -(alpha === undefined ? 1 : y === 1 ? alpha : 1 - alpha) * (1 - p) ** gamma * Math.log(p);
      },
    };
  }, [-4, 4], (random, shape) => random.integers(shape, 0, 1)),
  klDivergence: (random) => {
    const [logTarget, reduction] = [random.bool(), random.pick(["mean", "sum", "none", "batchMean"] as const)];
    const shape = random.shape([1, 3]);
    const y = logTarget ? random.array(shape, -2, 0) : map(random.array(shape, -0.3, 1), (value) => Math.max(0, value));
    return call(`${shape.join("x")}, ${reduction}, logTarget ${logTarget}`, [random.array(shape, -3, 0)], (x) => nn.klDivergence(x as Tensor, like(x as Tensor, y), { reduction, logTarget }), (x) => {
      const losses = zip((p, t) => (logTarget ? Math.exp(t) * (t - p) : t === 0 ? 0 : t * (Math.log(t) - p)), x, y);
      return reduction === "batchMean" ? scalar(sum(losses.data) / get(shape, 0)) : reduced(losses, reduction);
    });
  },
  binaryCrossEntropyWithLogits: (random) => {
    const [shape, reduction] = [random.shape([2, 3]), reductionOf(random)];
    const y = chances(random, shape);
    const [weight, posWeight] = [random.maybe(() => random.array(shape, 0.5, 2)), random.maybe(() => random.array([get(shape, -1)], 0.5, 2))];
    return call(`${shape.join("x")}, ${reduction}, weight ${weight !== undefined}, posWeight ${posWeight !== undefined}`, [random.array(shape, -5, 5)],
      (x) => nn.binaryCrossEntropyWithLogits(x as Tensor, like(x as Tensor, y), { reduction, weight: weight && like(x as Tensor, weight), posWeight: posWeight && like(x as Tensor, posWeight) }),
      (x) => reduced(zip((p, t, w, q) => -w * (q * t * logSigmoid(p) + (1 - t) * logSigmoid(-p)), x, y, weight ?? scalar(1), posWeight ?? scalar(1)), reduction));
  },
  gaussianNegativeLogLikelihood: (random) => {
    const [shape, reduction, full, epsilon] = [random.shape([2, 3]), reductionOf(random), random.bool(), random.pick([1e-6, 0.5])];
    const y = random.array(shape);
    const variance = random.array(random.bool() ? shape : [...shape.slice(0, -1), 1], 0.6, 2);
    return call(`${shape.join("x")}, ${reduction}, full ${full}`, [random.array(shape), variance], (x, v) => nn.gaussianNegativeLogLikelihood(x as Tensor, like(x as Tensor, y), v as Tensor, { reduction, full, epsilon }),
      (x, v) => reduced(zip((p, t, s) => (Math.log(Math.max(s, epsilon)) + (p - t) ** 2 / Math.max(s, epsilon) + (full ? Math.log(2 * Math.PI) : 0)) / 2, x, y, v), reduction));
  },
};

const logSoftmaxAt = (x: Plain, n: number, c: number, position: readonly number[]): number => {
  const row = Array.from({ length: get(x.shape, 1) }, (_, each) => at(x, n, each, ...position));
  const largest = Math.max(...row);
  return at(x, n, c, ...position) - largest - Math.log(sum(row.map((value) => Math.exp(value - largest))));
};

interface Classes {
  readonly shape: readonly number[];
  readonly target: Plain;
  readonly weight: Plain | undefined;
  readonly ignoreIndex: number | undefined;
  readonly reduction: Reduction;
  readonly what: string;
}

function classesFor(random: Random): Classes {
  const shape = [random.int(1, 4), random.int(2, 4), ...random.shape([0, 2], [1, 3])];
  const classes = get(shape, 1);
  const target = random.integers([get(shape, 0), ...shape.slice(2)], 0, classes - 1);
  const ignored = random.maybe(() => random.pick([-100, random.int(0, classes - 1)]));
  const ignoreIndex = target.data.every((each) => each === ignored) ? undefined : ignored;
  const [weight, reduction] = [random.maybe(() => random.array([classes], 0.5, 2)), reductionOf(random)];
  return { shape, target, weight, ignoreIndex, reduction, what: `${shape.join("x")}, ${reduction}, weight ${weight !== undefined}, ignoreIndex ${ignoreIndex}` };
}

/** The losses of class indices; their mean divides by the weights of the targets that count. */
function ofClasses({ target, weight, ignoreIndex = -100, reduction }: Classes, loss: (n: number, y: number, position: readonly number[]) => number): Plain {
  const factor = (y: number): number => (y === ignoreIndex ? 0 : weight === undefined ? 1 : at(weight, y));
  const losses = make(target.shape, ([n = 0, ...position]) => {
    const y = at(target, n, ...position);
    return y === ignoreIndex ? 0 : loss(n, y, position);
  });
  return reduced(losses, reduction, sum(target.data.map(factor)));
}

const weights = (x: Tensor, { weight, ignoreIndex, reduction }: Classes) => ({ reduction, ignoreIndex, weight: weight === undefined ? undefined : like(x, weight) });

const classLosses: Entries = {
  crossEntropy: (random) => {
    const all = classesFor(random);
    const labelSmoothing = random.pick([0, 0.1, 0.5]);
    const { shape, target, weight } = all;
    const w = (c: number): number => (weight === undefined ? 1 : at(weight, c));
    const classes = Array.from({ length: get(shape, 1) }, (_, c) => c);
    if (random.bool(0.3)) {
      const y = random.array(shape, 0, 1);
      return call(`${all.what}, probabilities, smoothing ${labelSmoothing}`, [random.array(shape)], (x) => nn.crossEntropy(x as Tensor, like(x as Tensor, y), { ...weights(x as Tensor, all), ignoreIndex: undefined, labelSmoothing }), (x) => {
        const losses = make([get(shape, 0), ...shape.slice(2)], ([n = 0, ...position]) => -sum(classes.map((c) => w(c) * ((1 - labelSmoothing) * at(y, n, c, ...position) + labelSmoothing / classes.length) * logSoftmaxAt(x, n, c, position))));
        return reduced(losses, all.reduction);
      });
    }
    return call(`${all.what}, smoothing ${labelSmoothing}`, [random.array(shape)], (x) => nn.crossEntropy(x as Tensor, int32(target), { ...weights(x as Tensor, all), labelSmoothing }), (x) =>
      ofClasses(all, (n, y, position) => -sum(classes.map((c) => w(c) * ((c === y ? 1 - labelSmoothing : 0) + labelSmoothing / classes.length) * logSoftmaxAt(x, n, c, position)))));
  },
  negativeLogLikelihood: (random) => {
    const all = classesFor(random);
    return call(all.what, [random.array(all.shape)], (x) => nn.negativeLogLikelihood(x as Tensor, int32(all.target), weights(x as Tensor, all)), (x) =>
      ofClasses(all, (n, y, position) => -(all.weight === undefined ? 1 : at(all.weight, y)) * at(x, n, y, ...position)));
  },
  focal: (random) => {
    const all = classesFor(random);
    const gamma = random.pick([0, 1, 2, 2.5]);
    return call(`${all.what}, gamma ${gamma}`, [random.array(all.shape)], (x) => nn.focal(x as Tensor, int32(all.target), { ...weights(x as Tensor, all), gamma }), (x) =>
      ofClasses(all, (n, y, position) => {
        const log = logSoftmaxAt(x, n, y, position);
        return -(all.weight === undefined ? 1 : at(all.weight, y)) * (1 - Math.exp(log)) ** gamma * log;
      }));
  },
  multiMargin: (random) => {
    const [n, classes, p, margin, reduction] = [random.int(1, 4), random.int(2, 4), random.pick([1, 2] as const), random.pick([1, 0.5]), reductionOf(random)];
    const [target, weight] = [random.integers([n], 0, classes - 1), random.maybe(() => random.array([classes], 0.5, 2))];
    return call(`${n}x${classes}, p ${p}, margin ${margin}, ${reduction}`, [random.array([n, classes])], (x) => nn.multiMargin(x as Tensor, int32(target), { p, margin, reduction, weight: weight && like(x as Tensor, weight) }), (x) =>
      reduced(make([n], ([row = 0]) => {
        const y = at(target, row);
        return ((weight === undefined ? 1 : at(weight, y)) / classes) * sum(Array.from({ length: classes }, (_, c) => (c === y ? 0 : Math.max(0, margin - at(x, row, y) + at(x, row, c)) ** p)));
      }), reduction));
  },
  multiLabelMargin: (random) => {
    const [n, classes, reduction] = [random.int(1, 3), random.int(2, 4), reductionOf(random)];
    const rows = random.list(n, () => {
      const members = random.shuffled(Array.from({ length: classes }, (_, c) => c)).slice(0, random.int(0, classes));
      return [...members, ...Array.from({ length: classes - members.length }, () => -1)];
    });
    return call(`${rows.join(" | ")}, ${reduction}`, [random.array([n, classes])], (x) => nn.multiLabelMargin(x as Tensor, int32({ shape: [n, classes], data: rows.flat() }), { reduction }), (x) =>
      reduced(make([n], ([row = 0]) => {
        const members = get(rows, row).filter((c) => c >= 0);
        const others = Array.from({ length: classes }, (_, c) => c).filter((c) => !members.includes(c));
        return sum(members.map((j) => sum(others.map((i) => Math.max(0, 1 - at(x, row, j) + at(x, row, i)))))) / classes;
      }), reduction));
  },
  multiLabelSoftMargin: (random) => {
    const [shape, reduction] = [[random.int(1, 3), random.int(1, 4)], reductionOf(random)];
    const [y, weight] = [random.integers(shape, 0, 1), random.maybe(() => random.array([get(shape, 1)], 0.5, 2))];
    return call(`${shape.join("x")}, ${reduction}`, [random.array(shape, -5, 5)], (x) => nn.multiLabelSoftMargin(x as Tensor, like(x as Tensor, y), { reduction, weight: weight && like(x as Tensor, weight) }), (x) =>
      reduced(reduce(zip((p, t, w) => -w * (t * logSigmoid(p) + (1 - t) * logSigmoid(-p)), x, y, weight ?? scalar(1)), [-1], false, (values) => sum(values) / values.length), reduction));
  },
};

const dot = (x: readonly number[], y: readonly number[]): number => sum(x.map((each, axis) => each * get(y, axis)));
const rowOf = (x: Plain, n: number): number[] => Array.from({ length: get(x.shape, 1) }, (_, axis) => at(x, n, axis));
const cosine = (x: readonly number[], y: readonly number[]): number => dot(x, y) / Math.sqrt((dot(x, x) + 1e-12) * (dot(y, y) + 1e-12));

const embeddings: Entries = {
  cosineEmbedding: (random) => {
    const [n, size, margin, reduction] = [random.int(1, 4), random.int(1, 4), random.pick([0, 0.3]), reductionOf(random)];
    const y = signs(random, [n]);
    return call(`${n}x${size}, margin ${margin}, ${reduction}`, [random.array([n, size], 0.2, 2), random.array([n, size])], (a, b) => nn.cosineEmbedding(a as Tensor, b as Tensor, like(a as Tensor, y), { margin, reduction }), (a, b) =>
      reduced(make([n], ([row = 0]) => (at(y, row) === 1 ? 1 - cosine(rowOf(a, row), rowOf(b, row)) : Math.max(0, cosine(rowOf(a, row), rowOf(b, row)) - margin))), reduction));
  },
  marginRanking: (random) => {
    const [shape, margin, reduction] = [random.shape(), random.pick([0, 0.5]), reductionOf(random)];
    const y = signs(random, shape);
    return call(`${shape.join("x")}, margin ${margin}`, [random.array(shape), random.array(shape)], (a, b) => nn.marginRanking(a as Tensor, b as Tensor, like(a as Tensor, y), { margin, reduction }), (a, b) => reduced(zip((p, q, t) => Math.max(0, margin - t * (p - q)), a, b, y), reduction));
  },
  tripletMargin: (random) => {
    const [shape, reduction, margin, p, swap, epsilon] = [[random.int(1, 4), random.int(1, 4)], reductionOf(random), random.pick([1, 0.5]), random.pick([1, 2, 3]), random.bool(), random.pick([1e-6, 0.01])];
    const distance = (x: readonly number[], y: readonly number[]): number => sum(x.map((each, axis) => Math.abs(each - get(y, axis) + epsilon) ** p)) ** (1 / p);
    return call(`${shape.join("x")}, ${JSON.stringify({ reduction, margin, p, swap, epsilon })}`, [random.array(shape), random.array(shape), random.array(shape)],
      (a, b, c) => nn.tripletMargin(a as Tensor, b as Tensor, c as Tensor, { reduction, margin, p, swap, epsilon }), (a, b, c) => reduced(make([get(shape, 0)], ([row = 0]) => {
        const [anchor, positive, negative] = [rowOf(a, row), rowOf(b, row), rowOf(c, row)];
        const far = swap ? Math.min(distance(anchor, negative), distance(positive, negative)) : distance(anchor, negative);
        return Math.max(0, distance(anchor, positive) - far + margin);
      }), reduction));
  },
  ntXent: (random) => {
    const [n, size, temperature, reduction] = [random.int(1, 3), random.int(2, 4), random.pick([0.5, 1, 0.2]), reductionOf(random)];
    return call(`${n}x${size}, temperature ${temperature}`, [random.array([n, size]), random.array([n, size])], (a, b) => nn.ntXent(a as Tensor, b as Tensor, { temperature, reduction }), (a, b) => {
      const views = concat([a, b], 0);
      const near = (i: number, j: number): number => dot(rowOf(views, i), rowOf(views, j)) / Math.sqrt(dot(rowOf(views, i), rowOf(views, i)) * dot(rowOf(views, j), rowOf(views, j))) / temperature;
      return reduced(make([2 * n], ([i = 0]) => Math.log(sum(Array.from({ length: 2 * n }, (_, k) => (k === i ? 0 : Math.exp(near(i, k)))))) - near(i, (i + n) % (2 * n))), reduction);
    });
  },
};

/** The total probability of all paths that spell the labels. A path has one class per step; equal neighbours are merged, then blanks are removed. */
function spelt(x: Plain, n: number, steps: number, labels: readonly number[], blank: number): number {
  const classes = get(x.shape, 2);
  return sum(indicesOf(Array.from({ length: steps }, () => classes)).map((path) => {
    const spoken = path.filter((c, step) => c !== path[step - 1]).filter((c) => c !== blank);
    return spoken.join() === labels.join() ? Math.exp(sum(path.map((c, step) => at(x, step, n, c)))) : 0;
  }));
}

const others: Entries = {
  ctc: (random) => {
    const [batch, steps, classes, reduction] = [random.int(1, 2), random.int(2, 4), random.int(2, 3), reductionOf(random)];
    const blank = random.int(0, classes - 1);
    const labels = Array.from({ length: classes }, (_, c) => c).filter((c) => c !== blank);
    const targets = random.list(batch, () => random.list(random.int(1, Math.floor(steps / 2)), () => random.pick(labels)));
    const inputLengths = targets.map((each) => random.int(2 * each.length, steps));
    const longest = Math.max(...targets.map((each) => each.length));
    const padded = targets.flatMap((each) => [...each, ...Array.from({ length: longest - each.length }, () => get(labels, 0))]);
    return call(`steps ${inputLengths.join()}, targets ${targets.join(" | ")}, blank ${blank}, ${reduction}`, [random.array([steps, batch, classes], -2, -0.2)],
      (x) => nn.ctc(x as Tensor, int32({ shape: [batch, longest], data: padded }), { inputLengths, targetLengths: targets.map((each) => each.length), blank, reduction }), (x) => {
        const losses = make([batch], ([n = 0]) => -Math.log(spelt(x, n, get(inputLengths, n), get(targets, n), blank)));
        return reduction === "mean" ? scalar(sum(losses.data.map((loss, n) => loss / get(targets, n).length)) / batch) : reduced(losses, reduction);
      });
  },
  dice: (random) => {
    const [shape, smooth, reduction] = [random.shape([2, 3]), random.pick([1, 0.1]), reductionOf(random)];
    const y = random.integers(shape, 0, 1);
    return call(`${shape.join("x")}, smooth ${smooth}`, [random.array(shape, 0.05, 0.95)], (x) => nn.dice(x as Tensor, like(x as Tensor, y), { smooth, reduction }), (x) => {
      const axes = shape.slice(1).map((_, axis) => axis + 1);
      return reduced(zip((overlap, total) => 1 - (2 * overlap + smooth) / (total + smooth), reduce(zip((p, t) => p * t, x, y), axes, false, sum), reduce(zip((p, t) => p + t, x, y), axes, false, sum)), reduction);
    });
  },
  gaussianKlDivergence: (random) => {
    const [shape, reduction, hasPrior] = [random.shape([1, 3]), reductionOf(random), random.bool()];
    const inputs = random.list(hasPrior ? 4 : 2, () => random.array(shape, -1.5, 1.5));
    return call(`${shape.join("x")}, prior ${hasPrior}`, inputs, (mean, logVariance, m, v) =>
      nn.gaussianKlDivergence({ mean: mean as Tensor, logVariance: logVariance as Tensor }, { reduction, ...(m === undefined || v === undefined ? {} : { prior: { mean: m, logVariance: v } }) }), (mean, logVariance, m = scalar(0), v = scalar(0)) =>
      reduced(reduce(zip((a, b, c, d) => (Math.exp(b - d) - 1 - (b - d) + (a - c) ** 2 / Math.exp(d)) / 2, mean, logVariance, m, v), [-1], false, sum), reduction));
  },
  l1Penalty: (random) => call("", [random.array(random.shape()), random.array(random.shape())], (...xs) => nn.l1Penalty(xs), (...xs) => scalar(sum(xs.flatMap((x) => x.data.map(Math.abs))))),
  l2Penalty: (random) => call("", [random.array(random.shape()), random.array(random.shape())], (...xs) => nn.l2Penalty(xs), (...xs) => scalar(sum(xs.flatMap((x) => x.data.map((value) => value ** 2))))),
  elasticNetPenalty: (random) => {
    const [l1, l2] = [random.real(0, 1), random.real(0, 1)];
    return call(`${l1}, ${l2}`, [random.array(random.shape())], (...xs) => nn.elasticNetPenalty(xs, { l1, l2 }), (x) => scalar(sum(x.data.map((value) => l1 * Math.abs(value) + l2 * value ** 2))));
  },
  reduceLosses: (random) => {
    const reduction = reductionOf(random);
    return call(reduction, [random.array(random.shape())], (x) => nn.reduceLosses(x as Tensor, reduction), (x) => reduced(x, reduction));
  },
};

/** Configurations of every loss. */
export const lossEntries: Entries = { ...numbers, ...classLosses, ...embeddings, ...others };
