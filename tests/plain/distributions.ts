import * as nn from "@nn/tensor";
import type { Tensor } from "@nn/tensor";
import { sum } from "./array.js";
import type { Random } from "./random.js";

/** Random draws, and their moments by formula. */
export interface Distribution {
  readonly what: string;
  readonly draw: (count: number, generator: nn.Generator) => Tensor;
  readonly mean: number;
  readonly variance: number;
  /** The fourth central moment divided by the square of the variance. It gives the standard error of the variance of many draws. */
  readonly kurtosis: number;
}

const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Moments of a normal distribution truncated at both ends, by a sum over small steps. */
function truncated(low: number, high: number): readonly [mean: number, variance: number, kurtosis: number] {
  const steps = Array.from({ length: 4000 }, (_, step) => low + ((high - low) * (step + 0.5)) / 4000);
  const total = sum(steps.map(density));
  const moment = (power: number, centre: number): number => sum(steps.map((x) => density(x) * (x - centre) ** power)) / total;
  const mean = moment(1, 0);
  const variance = moment(2, mean);
  return [mean, variance, moment(4, mean) / variance ** 2];
}

/** Moments of a list of numbers with probabilities. */
function discrete(values: readonly number[], chances: readonly number[]): readonly [mean: number, variance: number, kurtosis: number] {
  const moment = (power: number, centre: number): number => sum(values.map((value, at) => (chances[at] ?? 0) * (value - centre) ** power));
  const mean = moment(1, 0);
  const variance = moment(2, mean);
  return [mean, variance, moment(4, mean) / variance ** 2];
}

/** The distributions that numbers are drawn from. */
export const distributions: Readonly<Record<string, (random: Random) => Distribution>> = {
  uniform: (random) => {
    const [low, high] = [random.real(-3, 0), random.real(1, 3)];
    return { what: `${low} to ${high}`, draw: (count, generator) => nn.uniform([count], { low, high, generator }), mean: (low + high) / 2, variance: (high - low) ** 2 / 12, kurtosis: 1.8 };
  },
  normal: (random) => {
    const [mean, std] = [random.real(), random.real(0.5, 3)];
    return { what: `${mean}, ${std}`, draw: (count, generator) => nn.normal([count], { mean, std, generator }), mean, variance: std ** 2, kurtosis: 3 };
  },
  truncatedNormal: (random) => {
    const [low, high] = [random.real(-2, 0), random.real(0.5, 2)];
    const [mean, variance, kurtosis] = truncated(low, high);
    return { what: `${low} to ${high}`, draw: (count, generator) => nn.truncatedNormal([count], { low, high, generator }), mean, variance, kurtosis };
  },
  exponential: (random) => {
    const rate = random.real(0.5, 3);
    return { what: `rate ${rate}`, draw: (count, generator) => nn.exponential([count], { rate, generator }), mean: 1 / rate, variance: 1 / rate ** 2, kurtosis: 9 };
  },
  bernoulli: (random) => {
    const p = random.real(0.1, 0.9);
    const [mean, variance, kurtosis] = discrete([0, 1], [1 - p, p]);
    return { what: `${p}`, draw: (count, generator) => nn.bernoulli(p, [count], { generator }), mean, variance, kurtosis };
  },
  randomIntegers: (random) => {
    const [low, high] = [random.int(-3, 0), random.int(2, 6)];
    const values = Array.from({ length: high - low }, (_, at) => low + at);
    const [mean, variance, kurtosis] = discrete(values, values.map(() => 1 / values.length));
    return { what: `${low} to ${high}`, draw: (count, generator) => nn.randomIntegers([count], { low, high, generator }), mean, variance, kurtosis };
  },
  gamma: (random) => {
    const [concentration, rate] = [random.real(0.5, 4), random.real(0.5, 3)];
    return { what: `${concentration}, rate ${rate}`, draw: (count, generator) => nn.gamma([count], { concentration, rate, generator }), mean: concentration / rate, variance: concentration / rate ** 2, kurtosis: 3 + 6 / concentration };
  },
  poisson: (random) => {
    const rate = random.real(0.5, 9);
    return { what: `rate ${rate}`, draw: (count, generator) => nn.poisson(rate, [count], { generator }), mean: rate, variance: rate, kurtosis: 3 + 1 / rate };
  },
  categorical: (random) => {
    const logits = random.list(4, () => random.real(-1, 1));
    const total = sum(logits.map(Math.exp));
    const [mean, variance, kurtosis] = discrete([0, 1, 2, 3], logits.map((logit) => Math.exp(logit) / total));
    return { what: logits.join(" "), draw: (count, generator) => nn.categorical({ logits: nn.tensor(logits) }, { samples: count, generator }), mean, variance, kurtosis };
  },
  permutation: () => ({ what: "", draw: (count, generator) => nn.permutation(count, { generator }).cast("float64").div(count), mean: 0.5, variance: 1 / 12, kurtosis: 1.8 }),
};
