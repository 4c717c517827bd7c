import * as nn from "@nn/optim";
import type { Gradients, Tensor, Variable } from "@nn/tensor";
import { get, map, matmul, permute, reduce, sum, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";

/** One step of a plain optimizer; `t` counts the updates of the parameter, from 1 on. */
export type PlainStep = (parameter: Plain, gradient: Plain, t: number) => Plain;

/** The options that both our optimizers and the plain rules receive. */
export type Options = Readonly<Record<string, unknown>>;

export interface OptimizerEntry {
  readonly shapes?: (random: Random) => number[];
  readonly options: (random: Random) => Options;
  readonly ours: (parameters: readonly Variable[], options: Options) => { readonly step: (gradients: Gradients<Tensor | undefined>) => void };
  /** The rule of a step, for the options of this step and what earlier steps stored. */
  readonly plain: (options: Options, store: Store) => PlainStep;
}

/** What the rule of a parameter keeps from step to step. */
export interface Store {
  readonly elements: Record<string, number>[];
  readonly arrays: Record<string, Plain>;
}

/** The options at a step: schedules among them, also in lists, are called. */
export const optionsAt = (options: Options, step: number): Options => Object.fromEntries(Object.entries(options).map(([name, value]) => [name, at(value, step)]));

function at(value: unknown, step: number): unknown {
  if (typeof value === "function") return Reflect.apply(value, undefined, [step]) as unknown;
  return Array.isArray(value) ? value.map((each) => at(each, step)) : value;
}

/** One of the numbers, or a schedule that goes back and forth between them. */
function scheduled(random: Random, values: readonly number[]): number | ((step: number) => number) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return random.bool(0.3) ? (step) => low + ((high - low) * ((step * 2) % 5)) / 4 : random.pick(values);
}

const number = (options: Options, name: string, otherwise: number): number => (options[name] as number | undefined) ?? otherwise;
const flag = (options: Options, name: string, otherwise = false): boolean => (options[name] as boolean | undefined) ?? otherwise;
const pair = (options: Options, name: string, otherwise: readonly [number, number]): readonly [number, number] => (options[name] as readonly [number, number] | undefined) ?? otherwise;

/** A rule for each element separately, with its own state. */
type ElementRule = (memory: Record<string, number>, gradient: number, t: number, parameter: number) => number;

/** Negates the gradient for `maximize` and applies weight decay, as all optimizers do before their rule. */
function withDecay(options: Options, rate: number, rule: (x: Plain, g: Plain, t: number) => Plain, decoupled = false): PlainStep {
  const decay = number(options, "weightDecay", 0);
  const isDecoupled = flag(options, "decoupledWeightDecay", decoupled);
  return (x, gradient, t) => {
    const signed = flag(options, "maximize") ? map(gradient, (g) => -g) : gradient;
    if (isDecoupled) return rule(map(x, (each) => each * (1 - rate * decay)), signed, t);
    return rule(x, zip((g, each) => g + decay * each, signed, x), t);
  };
}

function elements(options: Options, store: Store, rate: number, rule: ElementRule, memory: Readonly<Record<string, number>>, decoupled = false): PlainStep {
  return withDecay(options, rate, (x, g, t) => ({ shape: x.shape, data: x.data.map((each, place) => rule((store.elements[place] ??= { ...memory }), get(g.data, place), t, each)) }), decoupled);
}

/** Reads and writes a number of the state. */
const kept = (memory: Record<string, number>, name: string, value: number): number => (memory[name] = value);
const of = (memory: Record<string, number>, name: string): number => memory[name] ?? 0;

const common = (random: Random): Options => ({
  learningRate: scheduled(random, [0.01, 0.1]), weightDecay: random.pick([0, 0.1]), decoupledWeightDecay: random.maybe(() => random.bool()), maximize: random.maybe(() => random.bool()),
});
const betas = (random: Random): nn.Betas | undefined => random.maybe(() => [scheduled(random, [0.8, 0.9]), scheduled(random, [0.9, 0.99])] as const);

function adam(options: Options, store: Store, decoupled: boolean, decay: number): PlainStep {
  const rate = number(options, "learningRate", 1e-3);
  const [first, second] = pair(options, "betas", [0.9, 0.999]);
  return elements({ weightDecay: decay, ...defined(options) }, store, rate, (memory, g, t, x) => {
    const m = kept(memory, "m", first * of(memory, "m") + (1 - first) * g);
    const v = kept(memory, "v", second * of(memory, "v") + (1 - second) * g * g);
    const largest = kept(memory, "largest", Math.max(of(memory, "largest"), v));
    const scale = Math.sqrt((flag(options, "amsgrad") ? largest : v) / (1 - second ** t)) + number(options, "epsilon", 1e-8);
    return x - (rate * m) / (1 - first ** t) / scale;
  }, {}, decoupled);
}

const defined = (options: Options): Options => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));

/** How many steps of RAdam's are rectified, and by how much. */
function rectified(second: number, t: number): number | undefined {
  const limit = 2 / (1 - second) - 1;
  const length = limit - (2 * t * second ** t) / (1 - second ** t);
  return length > 5 ? Math.sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length)) : undefined;
}

function muon(options: Options, store: Store): PlainStep {
  const [rate, momentum] = [number(options, "learningRate", 1e-3), number(options, "momentum", 0.95)];
  return withDecay(options, rate, (x, g) => {
    const before = store.arrays["mean"] ?? map(g, () => 0);
    const towards = (start: Plain, end: Plain): Plain => zip((a, b) => a * (1 - momentum) + b * momentum, start, end);
    const mean = (store.arrays["mean"] = towards(g, before));
    const update = orthogonal(flag(options, "nesterov", true) ? towards(g, mean) : mean, number(options, "iterations", 5));
    const [rows, columns] = [get(x.shape, 0), get(x.shape, 1)];
    const factor = options["scale"] === "adam" ? 0.2 * Math.sqrt(Math.max(rows, columns)) : Math.sqrt(Math.max(1, rows / columns));
    return zip((a, b) => a - rate * factor * b, x, update);
  }, true);
}

function orthogonal(x: Plain, iterations: number): Plain {
  const tall = get(x.shape, 0) > get(x.shape, 1);
  const wide = tall ? permute(x, [1, 0]) : x;
  const norm = Math.max(Math.sqrt(sum(wide.data.map((value) => value * value))), 1e-7);
  let current = map(wide, (value) => value / norm);
  for (let turn = 0; turn < iterations; turn += 1) {
    const gram = matmul(current, permute(current, [1, 0]));
    const factor = zip((a, b) => -4.775 * a + 2.0315 * b, gram, matmul(gram, gram));
    current = zip((a, b) => 3.4445 * a + b, current, matmul(factor, current));
  }
  return tall ? permute(current, [1, 0]) : current;
}

function adafactor(options: Options, store: Store): PlainStep {
  const [rate, power, threshold, smallestScale] = [number(options, "learningRate", 0.01), number(options, "decayPower", -0.8), number(options, "threshold", 1), number(options, "smallestScale", 1e-3)];
  const smallest = number(options, "epsilon", 0);
  const rms = (x: Plain): number => Math.sqrt(sum(x.data.map((value) => value * value)) / x.data.length);
  let size = 0;
  const decayed = withDecay(options, rate, (x, g, t) => {
    const entering = t ** power;
    const towards = (name: string, value: Plain): Plain => (store.arrays[name] = zip((a, b) => a + (b - a) * entering, store.arrays[name] ?? map(value, () => 0), value));
    const squares = map(g, (value) => value * value);
    const average = (values: readonly number[]): number => sum(values) / values.length;
    let variance: Plain;
    if (x.shape.length > 1) {
      const rows = towards("rows", reduce(squares, [-1], true, average));
      const columns = towards("columns", reduce(squares, [-2], true, average));
      variance = zip((r, c, m) => (r * c) / Math.max(m, smallest), rows, columns, reduce(rows, [-2], true, average));
    } else variance = towards("whole", squares);
    const update = zip((v, each) => each / Math.sqrt(Math.max(v, smallest ** 2)), variance, g);
    const step = (Math.min(rate, 1 / Math.sqrt(t)) * Math.max(size, smallestScale)) / Math.max(rms(update) / threshold, 1);
    return zip((a, b) => a - step * b, x, update);
  }, true);
  return (x, g, t) => {
    size = rms(x); // before weight decay
    return decayed(x, g, t);
  };
}

const entry = <T>(Class: new (parameters: readonly Variable[], options: T) => { readonly step: (gradients: Gradients<Tensor | undefined>) => void }, options: OptimizerEntry["options"], plain: OptimizerEntry["plain"], shapes?: OptimizerEntry["shapes"]): OptimizerEntry =>
  ({ options, plain, ours: (parameters, given) => new Class(parameters, given as T), ...(shapes === undefined ? {} : { shapes }) });

const matrix = (random: Random): number[] => [random.int(1, 3), random.int(1, 3)];

/** The optimizers, each with its plain rule. */
export const optimizerEntries: Readonly<Record<string, OptimizerEntry>> = {
  SGD: entry(nn.SGD, (random) => {
    const momentum = random.pick([0, scheduled(random, [0.5, 0.9])]);
    const nesterov = momentum !== 0 && random.bool();
    return { ...common(random), momentum, nesterov, dampening: momentum !== 0 && !nesterov ? random.pick([0, 0.5]) : 0 };
  }, (options, store) => elements(options, store, number(options, "learningRate", 0), (memory, g, t, x) => {
    const [rate, momentum] = [number(options, "learningRate", 0), number(options, "momentum", 0)];
    if (momentum === 0) return x - rate * g;
    const v = kept(memory, "v", t === 1 ? g : momentum * of(memory, "v") + (1 - number(options, "dampening", 0)) * g);
    return x - rate * (flag(options, "nesterov") ? g + momentum * v : v);
  }, {})),
  Adam: entry(nn.Adam, (random) => ({ ...common(random), betas: betas(random), epsilon: random.maybe(() => 0.01), amsgrad: random.maybe(() => random.bool()) }), (options, store) => adam(options, store, false, 0)),
  AdamW: entry(nn.AdamW, (random) => ({ ...common(random), decoupledWeightDecay: undefined, betas: betas(random), amsgrad: random.maybe(() => random.bool()) }), (options, store) => adam(options, store, true, 0.01)),
  Adamax: entry(nn.Adamax, (random) => ({ ...common(random), betas: betas(random), epsilon: random.maybe(() => 0.01) }), (options, store) => {
    const [rate, [first, second]] = [number(options, "learningRate", 2e-3), pair(options, "betas", [0.9, 0.999])];
    return elements(options, store, rate, (memory, g, t, x) => {
      const m = kept(memory, "m", first * of(memory, "m") + (1 - first) * g);
      const u = kept(memory, "u", Math.max(second * of(memory, "u"), Math.abs(g) + number(options, "epsilon", 1e-8)));
      return x - (rate / (1 - first ** t)) * (m / u);
    }, {});
  }),
  NAdam: entry(nn.NAdam, (random) => ({ ...common(random), betas: betas(random), momentumDecay: random.maybe(() => 0.1), formula: random.maybe(() => "pytorch1.13") }), (options, store) => {
    const [rate, [first, second], decay] = [number(options, "learningRate", 2e-3), pair(options, "betas", [0.9, 0.999]), number(options, "momentumDecay", 4e-3)];
    const momentum = (t: number): number => first * (1 - 0.5 * 0.96 ** (t * decay));
    return elements(options, store, rate, (memory, g, t, x) => {
      const m = kept(memory, "m", first * of(memory, "m") + (1 - first) * g);
      const v = kept(memory, "v", second * of(memory, "v") + (1 - second) * g * g);
      const product = kept(memory, "product", of(memory, "product") * momentum(t));
      const next = product * momentum(t + 1) * (options["formula"] === "pytorch1.13" ? momentum(t) : 1);
      const direction = ((1 - momentum(t)) * g) / (1 - product) + (momentum(t + 1) * m) / (1 - next);
      return x - (rate * direction) / (Math.sqrt(v / (1 - second ** t)) + 1e-8);
    }, { product: 1 });
  }),
  RAdam: entry(nn.RAdam, (random) => ({ ...common(random), betas: betas(random), epsilon: random.maybe(() => 0.01) }), (options, store) => {
    const [rate, [first, second]] = [number(options, "learningRate", 1e-3), pair(options, "betas", [0.9, 0.999])];
    return elements(options, store, rate, (memory, g, t, x) => {
      const m = kept(memory, "m", first * of(memory, "m") + (1 - first) * g) / (1 - first ** t);
      const v = kept(memory, "v", second * of(memory, "v") + (1 - second) * g * g);
      const r = rectified(second, t);
      return x - rate * m * (r === undefined ? 1 : (r * Math.sqrt(1 - second ** t)) / (Math.sqrt(v) + number(options, "epsilon", 1e-8)));
    }, {});
  }),
  RMSprop: entry(nn.RMSprop, (random) => ({ ...common(random), alpha: random.maybe(() => 0.9), epsilon: random.maybe(() => 0.01), momentum: random.pick([0, scheduled(random, [0.5, 0.9])]), centered: random.bool() }), (options, store) => {
    const [rate, alpha, momentum] = [number(options, "learningRate", 0.01), number(options, "alpha", 0.99), number(options, "momentum", 0)];
    return elements(options, store, rate, (memory, g, _, x) => {
      const square = kept(memory, "square", alpha * of(memory, "square") + (1 - alpha) * g * g);
      const mean = kept(memory, "mean", alpha * of(memory, "mean") + (1 - alpha) * g);
      const direction = g / (Math.sqrt(square - (flag(options, "centered") ? mean * mean : 0)) + number(options, "epsilon", 1e-8));
      return x - rate * kept(memory, "v", momentum * of(memory, "v") + direction);
    }, {});
  }),
  Adagrad: entry(nn.Adagrad, (random) => ({ ...common(random), learningRateDecay: random.pick([0, 0.1]), initialAccumulator: random.maybe(() => 0.5), epsilon: random.maybe(() => 0.01) }), (options, store) => {
    const rate = number(options, "learningRate", 0.01);
    return elements(options, store, rate, (memory, g, t, x) => {
      const total = kept(memory, "sum", of(memory, "sum") + g * g);
      return x - ((rate / (1 + (t - 1) * number(options, "learningRateDecay", 0))) * g) / (Math.sqrt(total) + number(options, "epsilon", 1e-10));
    }, { sum: number(options, "initialAccumulator", 0) });
  }),
  Adadelta: entry(nn.Adadelta, (random) => ({ ...common(random), rho: random.maybe(() => 0.5), epsilon: random.maybe(() => 0.01) }), (options, store) => {
    const [rate, rho, epsilon] = [number(options, "learningRate", 1), number(options, "rho", 0.9), number(options, "epsilon", 1e-6)];
    return elements(options, store, rate, (memory, g, _, x) => {
      const square = kept(memory, "square", rho * of(memory, "square") + (1 - rho) * g * g);
      const step = (Math.sqrt(of(memory, "steps") + epsilon) / Math.sqrt(square + epsilon)) * g;
      kept(memory, "steps", rho * of(memory, "steps") + (1 - rho) * step * step);
      return x - rate * step;
    }, {});
  }),
  ASGD: entry(nn.ASGD, (random) => ({ ...common(random), lambda: random.maybe(() => 0.1), alpha: random.maybe(() => 0.5), start: random.maybe(() => 2) }), (options, store) => {
    const [rate, lambda, alpha] = [number(options, "learningRate", 0.01), number(options, "lambda", 1e-4), number(options, "alpha", 0.75)];
    return elements(options, store, rate, (_, g, t, x) => {
      const eta = rate / (1 + lambda * rate * (t - 1)) ** alpha;
      return x * (1 - lambda * eta) - eta * g;
    }, {});
  }),
  Rprop: entry(nn.Rprop, (random) => ({ learningRate: random.pick([0.01, 0.1]), etas: random.maybe(() => [0.4, 1.5]), stepSizes: random.maybe(() => [0.02, 0.15]), maximize: random.maybe(() => random.bool()) }), (options, store) => {
    const [[shrink, grow], [least, most]] = [pair(options, "etas", [0.5, 1.2]), pair(options, "stepSizes", [1e-6, 50])];
    return elements(options, store, 0, (memory, gradient, _, x) => {
      const agreement = gradient * of(memory, "before");
      const size = kept(memory, "size", Math.min(Math.max(of(memory, "size") * (agreement > 0 ? grow : agreement < 0 ? shrink : 1), least), most));
      return x - Math.sign(kept(memory, "before", agreement < 0 ? 0 : gradient)) * size;
    }, { size: number(options, "learningRate", 0.01) });
  }),
  Lion: entry(nn.Lion, (random) => ({ ...common(random), betas: betas(random) }), (options, store) => {
    const [rate, [first, second]] = [number(options, "learningRate", 1e-4), pair(options, "betas", [0.9, 0.99])];
    return elements(options, store, rate, (memory, g, _, x) => {
      const direction = Math.sign(first * of(memory, "m") + (1 - first) * g);
      kept(memory, "m", second * of(memory, "m") + (1 - second) * g);
      return x - rate * direction;
    }, {}, true);
  }),
  Adafactor: entry(nn.Adafactor, (random) => ({ ...common(random), epsilon: 1e-3, decayPower: random.maybe(() => -0.5), smallestScale: random.maybe(() => 0.1), threshold: random.maybe(() => 1.5) }), adafactor),
  Muon: entry(nn.Muon, (random) => ({ ...common(random), momentum: random.maybe(() => scheduled(random, [0.7, 0.9])), nesterov: random.maybe(() => random.bool()), iterations: random.maybe(() => 3), scale: random.maybe(() => random.pick(["spectral", "adam"])) }), muon, matrix),
};

/** A parameter's value, as plain numbers. */
export const plainOf = (x: Tensor): Plain => ({ shape: x.shape, data: Array.from(x.toTypedArray(), Number) });
