import * as nn from "@nn/optim";
import type { Gradients, Tensor, Variable } from "@nn/tensor";
import { map, zip, type Plain } from "./array.js";
import type { Random } from "./random.js";

/** A wrapper with its optimizer, or an optimizer with an average of what it leaves. */
export interface WrapperTrial {
  readonly what: string;
  /** Ours: a step, and what is compared after it. */
  readonly ours: (parameters: readonly Variable[]) => { readonly step: (gradients: Gradients<Tensor | undefined>) => void; readonly shown: () => readonly Tensor[] };
  /** Plain: from the first values to a function that takes a step and gives what is compared. */
  readonly plain: (start: Plain) => (gradient: Plain, step: number) => readonly Plain[];
}

const rate = 0.1;
const descend = (x: Plain, gradient: Plain): Plain => zip((value, slope) => value - rate * slope, x, gradient);
const between = (a: Plain, b: Plain, fraction: number): Plain => zip((x, y) => x + (y - x) * fraction, a, b);
const sgd = (parameters: readonly Variable[]): nn.SGD => new nn.SGD(parameters, { learningRate: rate });

function averaging(what: string, make: (parameters: readonly Variable[]) => nn.ParameterAverage, fraction: (updates: number) => number): WrapperTrial {
  return {
    what,
    ours: (parameters) => {
      const [optimizer, average] = [sgd(parameters), make(parameters)];
      return {
        step: (gradients) => {
          optimizer.step(gradients);
          average.update();
        },
        shown: () => average.values,
      };
    },
    plain: (start) => {
      let x = start;
      let average = start;
      return (gradient, step) => {
        x = descend(x, gradient);
        // It begins with the values at the first update.
        average = step === 0 ? x : between(average, x, fraction(step));
        return [average];
      };
    },
  };
}

/** The wrappers and averages of `@nn/optim`. */
export const wrapperEntries: Readonly<Record<string, (random: Random) => WrapperTrial>> = {
  LookAhead: (random) => {
    const [every, fraction] = [random.int(1, 3), random.real(0, 1)];
    return {
      what: `every ${every}, fraction ${fraction}`,
      ours: (parameters) => {
        const wrapper = new nn.LookAhead(sgd(parameters), { every, fraction });
        return { step: (gradients) => wrapper.step(gradients), shown: () => parameters.map(({ value }) => value) };
      },
      plain: (start) => {
        let [x, slow] = [start, start];
        return (gradient, step) => {
          x = descend(x, gradient);
          if ((step + 1) % every === 0) x = slow = between(slow, x, fraction);
          return [x];
        };
      },
    };
  },
  GradientAccumulation: (random) => {
    const [every, reduction] = [random.int(1, 3), random.pick(["mean", "sum"] as const)];
    return {
      what: `every ${every}, ${reduction}`,
      ours: (parameters) => {
        const wrapper = new nn.GradientAccumulation(sgd(parameters), { every, reduction });
        return { step: (gradients) => wrapper.step(gradients), shown: () => parameters.map(({ value }) => value) };
      },
      plain: (start) => {
        let x = start;
        let total = map(start, () => 0);
        return (gradient, step) => {
          total = zip((a, b) => a + b, total, gradient);
          if ((step + 1) % every === 0) {
            x = descend(x, map(total, (value) => (reduction === "mean" ? value / every : value)));
            total = map(start, () => 0);
          }
          return [x];
        };
      },
    };
  },
  ExponentialMovingAverage: (random) => {
    const decay = random.pick([random.real(0, 0.99), (n: number) => Math.min(0.9, (1 + n) / (10 + n))]);
    return averaging(typeof decay === "number" ? `decay ${decay}` : "a schedule", (parameters) => new nn.ExponentialMovingAverage(parameters, { decay }), (updates) => (1 - (typeof decay === "number" ? decay : decay(updates))));
  },
  StochasticWeightAverage: () => averaging("", (parameters) => new nn.StochasticWeightAverage(parameters), (updates) => 1 / (updates + 1)),
  ParameterAverage: (random) => {
    const fractions = random.list(6, () => random.real(0, 1));
    const fraction = (updates: number): number => fractions[updates] ?? 0;
    return averaging(fractions.join(), (parameters) => new nn.ParameterAverage(parameters, fraction), fraction);
  },
};
