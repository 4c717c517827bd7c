import * as nn from "@nn/optim";
import type { Tensor } from "@nn/tensor";
import { map, scalar, sum, type Plain } from "./array.js";
import type { Random } from "./random.js";
import { call, type Entries } from "./trial.js";

/** A schedule of ours, and the rate of each step by a plain loop. */
export interface ScheduleTrial {
  readonly what: string;
  readonly ours: (step: number) => number;
  /** The rate of each step, made in order. */
  readonly plain: (step: number) => number;
}

/** Makes a configuration of a schedule from random choices. */
export type ScheduleEntry = (random: Random) => ScheduleTrial;

const rate = (random: Random): number => random.pick([0.1, 1, 0.5]);
const count = (random: Random): number => random.int(1, 12);
const mix = (from: number, to: number, part: number, shape: "cosine" | "linear" = "linear"): number => (shape === "linear" ? from + (to - from) * part : to + ((from - to) * (1 + Math.cos(Math.PI * part))) / 2);

/** Multiplies step by step. */
const chained = (start: number, factor: (step: number) => number) => (step: number): number => {
  let value = start;
  for (let each = 1; each <= step; each += 1) value *= factor(each);
  return value;
};

const cycleOptions = (random: Random) => ({ steps: random.int(8, 40), rising: random.pick([0.25, 0.3, 0.4]), shape: random.pick(["cosine", "linear"] as const), threePhases: random.bool() });

/** One cycle as PyTorch computes it: phases with an end step and two rates each. */
function oneCycle({ steps, rising, shape, threePhases }: ReturnType<typeof cycleOptions>, first: number, highest: number, last: number): (step: number) => number {
  const up = rising * steps - 1;
  const phases = threePhases ? [[up, first, highest], [2 * up, highest, first], [steps - 1, first, last]] as const : [[up, first, highest], [steps - 1, highest, last]] as const;
  return (step) => {
    let start = 0;
    for (const [end, from, to] of phases) {
      if (step <= end) return mix(from, to, (step - start) / (end - start), shape);
      start = end;
    }
    return last;
  };
}

/** Schedules that depend on the step only. */
export const scheduleEntries: Readonly<Record<string, ScheduleEntry>> = {
  constantRate: (random) => {
    const value = rate(random);
    return { what: `${value}`, ours: nn.constantRate(value), plain: () => value };
  },
  stepDecay: (random) => {
    const [start, every, factor] = [rate(random), count(random), random.pick([0.1, 0.5])];
    return { what: `every ${every}`, ours: nn.stepDecay(start, { every, factor }), plain: chained(start, (step) => (step % every === 0 ? factor : 1)) };
  },
  multiStepDecay: (random) => {
    const [start, factor, milestones] = [rate(random), random.pick([0.1, 0.5]), random.list(3, () => random.int(1, 20))];
    return { what: milestones.join(), ours: nn.multiStepDecay(start, { milestones, factor }), plain: chained(start, (step) => factor ** milestones.filter((each) => each === step).length) };
  },
  exponentialDecay: (random) => {
    const [start, factor] = [rate(random), random.pick([0.5, 0.9])];
    return { what: `${factor}`, ours: nn.exponentialDecay(start, { factor }), plain: chained(start, () => factor) };
  },
  multiplicative: (random) => {
    const [start, factor] = [rate(random), (step: number) => 1 - 1 / (step + 3)];
    return { what: `${start}`, ours: nn.multiplicative(start, factor), plain: chained(start, factor) };
  },
  polynomialDecay: (random) => {
    const [start, steps, power] = [rate(random), count(random), random.pick([1, 2, 0.5])];
    return { what: `${steps}, power ${power}`, ours: nn.polynomialDecay(start, { steps, power }), plain: chained(start, (step) => (step > steps ? 0 : ((steps - step) / (steps - step + 1)) ** power)) };
  },
  linearRamp: (random) => {
    const [from, to, steps] = [rate(random), rate(random), count(random)];
    return { what: `${from} to ${to} in ${steps}`, ours: nn.linearRamp(from, to, { steps }), plain: (step) => (step >= steps ? to : mix(from, to, step / steps)) };
  },
  linearWarmup: (random) => {
    const [steps, from, factor] = [random.int(0, 8), random.pick([0, 0.2]), 0.9];
    return {
      what: `${steps} from ${from}`, ours: nn.linearWarmup(nn.exponentialDecay(0.5, { factor }), { steps, from }),
      plain: (step) => (step < steps ? 0.5 * mix(from, 1, step / steps) : 0.5 * factor ** (step - steps)),
    };
  },
  cosineDecay: (random) => {
    const [start, steps, minimum, periodic] = [rate(random), count(random), random.pick([0, 0.05]), random.bool()];
    return { what: `${steps}, periodic ${periodic}`, ours: nn.cosineDecay(start, { steps, minimum, periodic }), plain: (step) => (step >= steps && !periodic ? minimum : mix(start, minimum, step / steps, "cosine")) };
  },
  cosineRestarts: (random) => {
    const [start, period, growth, minimum] = [rate(random), count(random), random.int(1, 3), random.pick([0, 0.05])];
    return {
      what: `${period}, growth ${growth}`, ours: nn.cosineRestarts(start, { period, growth, minimum }),
      plain: (step) => {
        let [within, length] = [0, period];
        for (let each = 0; each < step; each += 1) {
          within += 1;
          if (within === length) [within, length] = [0, length * growth];
        }
        return mix(start, minimum, within / length, "cosine");
      },
    };
  },
  cyclic: (random) => {
    const [low, high, rising, falling] = [0.01, rate(random), count(random), random.maybe(() => count(random))];
    const [cycleFactor, stepFactor] = [random.pick([1, 0.5]), random.pick([1, 0.95])];
    return {
      what: `${rising}, ${falling}, ${cycleFactor}, ${stepFactor}`, ours: nn.cyclic(low, high, { rising, falling, cycleFactor, stepFactor }),
      plain: (step) => {
        const fall = falling ?? rising;
        let [cycle, within] = [0, step];
        while (within >= rising + fall) [cycle, within] = [cycle + 1, within - rising - fall];
        return low + (high - low) * (within <= rising ? within / rising : 1 - (within - rising) / fall) * cycleFactor ** cycle * stepFactor ** step;
      },
    };
  },
  oneCycle: (random) => {
    const [highest, options, initialDivisor, finalDivisor] = [rate(random), cycleOptions(random), random.pick([25, 10]), random.pick([1e4, 100])];
    const first = highest / initialDivisor;
    return { what: JSON.stringify(options), ours: nn.oneCycle(highest, { ...options, initialDivisor, finalDivisor }), plain: oneCycle(options, first, highest, first / finalDivisor) };
  },
  oneCycleMomentum: (random) => {
    const [options, highest, lowest] = [cycleOptions(random), random.pick([0.95, 0.9]), random.pick([0.85, 0.7])];
    return { what: JSON.stringify(options), ours: nn.oneCycleMomentum({ ...options, highest, lowest }), plain: oneCycle(options, highest, lowest, highest) };
  },
  weightAveragingRate: (random) => {
    const [start, steps, shape, to] = [random.int(0, 10), count(random), random.pick(["cosine", "linear"] as const), rate(random)];
    const before = (step: number): number => 0.9 ** step;
    return {
      what: `${start}, ${steps}, ${shape}`, ours: nn.weightAveragingRate(before, to, { start, steps, shape }),
      plain: (step) => (step < start ? before(step) : mix(before(start), to, Math.min(1, (step - start) / steps), shape)),
    };
  },
  sequential: (random) => {
    const [first, length] = [random.int(1, 6), random.int(1, 6)];
    return {
      what: `${first}, ${first + length}`, ours: nn.sequential([0.1, nn.exponentialDecay(1, { factor: 0.5 }), nn.linearRamp(0, 1, { steps: 4 })], { milestones: [first, first + length] }),
      plain: (step) => (step < first ? 0.1 : step < first + length ? 0.5 ** (step - first) : Math.min(1, (step - first - length) / 4)),
    };
  },
  product: (random) => {
    const [factor, every] = [random.pick([0.9, 0.5]), count(random)];
    return { what: `${factor}, ${every}`, ours: nn.product(nn.exponentialDecay(1, { factor }), nn.stepDecay(0.5, { every, factor: 0.5 }), 2), plain: (step) => factor ** step * 0.5 ** (1 + Math.floor(step / every)) * 2 };
  },
  reduceOnPlateau: (random) => {
    const options = {
      mode: random.pick(["min", "max"] as const), factor: random.pick([0.1, 0.5]), patience: random.int(0, 3), threshold: random.pick([0, 0.1]), thresholdMode: random.pick(["relative", "absolute"] as const),
      cooldown: random.int(0, 2), minimum: random.pick([0, 0.02]), smallest: 1e-8,
    };
    const metrics = random.list(40, () => random.real(-1, 1));
    const schedule = nn.reduceOnPlateau(1, options);
    return {
      what: JSON.stringify(options), ours: (step) => {
        if (step > 0) schedule.report(metrics[step - 1] ?? 0);
        return schedule(step);
      },
      plain: (step) => {
        let [current, best, bad, cool] = [1, options.mode === "min" ? Infinity : -Infinity, 0, 0];
        for (const metric of metrics.slice(0, step)) {
          const gain = options.threshold * (options.thresholdMode === "relative" && Number.isFinite(best) ? Math.abs(best) : 1);
          const better = options.mode === "min" ? metric < best - gain : metric > best + gain;
          bad = better ? 0 : bad + 1;
          if (better) best = metric;
          if (cool > 0) [cool, bad] = [cool - 1, 0];
          if (bad <= options.patience) continue;
          const lower = Math.max(current * options.factor, options.minimum);
          if (current - lower > options.smallest) current = lower;
          [cool, bad] = [options.cooldown, 0];
        }
        return current;
      },
    };
  },
};

const normOf = (x: readonly number[], p: number): number => (p === Infinity ? Math.max(...x.map(Math.abs)) : sum(x.map((value) => Math.abs(value) ** p)) ** (1 / p));
const scaled = (x: Plain, norm: number, limit: number): Plain => map(x, (value) => value * Math.min(1, limit / (norm + 1e-6)));

/** Clipping of gradients. */
export const clippingEntries: Entries = {
  clipByGlobalNorm: (random) => {
    const [p, limit] = [random.pick([1, 2, 3, Infinity]), random.pick([0.5, 2, 100])];
    return call(`p ${p}, limit ${limit}`, [random.array(random.shape()), random.array(random.shape())], (...xs) => {
      const { gradients, norm } = nn.clipByGlobalNorm(xs as Tensor[], limit, { p });
      return [...gradients, norm];
    }, (...xs) => {
      const norm = normOf(xs.flatMap((x) => x.data), p);
      return [...xs.map((x) => scaled(x, norm, limit)), scalar(norm)];
    }, { loose: 3 });
  },
  clipByNorm: (random) => {
    const [p, limit] = [random.pick([1, 2, 3, Infinity]), random.pick([0.5, 2, 100])];
    return call(`p ${p}, limit ${limit}`, [random.array(random.shape()), random.array(random.shape())], (...xs) => nn.clipByNorm(xs as Tensor[], limit, { p }), (...xs) => xs.map((x) => scaled(x, normOf(x.data, p), limit)), { loose: 3 });
  },
  clipByValue: (random) => {
    const limit = random.pick([0.5, 1]);
    return call(`limit ${limit}`, [random.array(random.shape())], (...xs) => nn.clipByValue(xs as Tensor[], limit), (x) => map(x, (value) => Math.min(Math.max(value, -limit), limit)));
  },
};
