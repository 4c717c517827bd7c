import * as nn from "@nn/metrics";
import { sum } from "./array.js";
import type { MetricEntry, MetricTrial } from "./metric-trial.js";
import type { Random } from "./random.js";

const sentence = (random: Random, least = 0): string => random.list(random.int(least, 9), () => random.pick(["a", "b", "ab", "die", "Öl", "👍"])).join(" ");

const words = (text: string): string[] => (text === "" ? [] : text.split(" "));

/** The edit distance, from its definition. */
function distance(a: readonly string[], b: readonly string[], known = new Map<string, number>()): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const key = `${a.length},${b.length}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  const best = Math.min(distance(restA, b, known) + 1, distance(a, restB, known) + 1, distance(restA, restB, known) + Number(a[0] !== b[0]));
  known.set(key, best);
  return best;
}

const errorRate = (accumulator: string, call: (p: never, t: never) => number, make: () => unknown, split: (text: string) => string[]): MetricEntry => ({
  accumulator,
  trial(random) {
    const n = random.int(1, 5);
    const [predictions, targets] = [random.list(n, () => sentence(random)), random.list(n, () => sentence(random))];
    return {
      what: JSON.stringify([predictions, targets]), inputs: [{ texts: predictions }, { texts: targets }], call, make: () => make() as ReturnType<MetricTrial["make"]>,
      plain: () => sum(predictions.map((text, at) => distance(split(text), split(targets[at] ?? "")))) / sum(targets.map((text) => split(text).length)),
    };
  },
});

const grams = (text: string, order: number): string[] => words(text).map((_, at, list) => list.slice(at, at + order)).filter(({ length }) => length === order).map((gram) => gram.join("|"));

const count = (list: readonly string[], wanted: string): number => list.filter((each) => each === wanted).length;

function bleu(predictions: readonly string[], targets: readonly (readonly string[])[], maxOrder: number, smooth: boolean): number {
  const lengths = predictions.map((text, at) => {
    const length = words(text).length;
    return [length, (targets[at] ?? []).map((target) => words(target).length).toSorted((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] ?? 0] as const;
  });
  const [length, wanted] = [sum(lengths.map(([own]) => own)), sum(lengths.map(([, best]) => best))];
  if (length === 0) return wanted === 0 ? NaN : 0;
  const logs = Array.from({ length: maxOrder }, (_, at) => {
    const order = at + 1;
    const matches = sum(predictions.map((text, index) => {
      const own = grams(text, order);
      return sum([...new Set(own)].map((gram) => Math.min(count(own, gram), Math.max(...(targets[index] ?? []).map((target) => count(grams(target, order), gram))))));
    }));
    const possible = sum(predictions.map((text) => grams(text, order).length));
    const extra = smooth && order > 1 ? 1 : 0;
    return possible + extra === 0 ? -Infinity : Math.log((matches + extra) / (possible + extra));
  });
  return Math.exp(Math.min(0, 1 - wanted / length)) * Math.exp(sum(logs) / maxOrder);
}

/** Configurations of metrics of texts, and of clusters. */
export const textMetrics: Readonly<Record<string, MetricEntry>> = {
  wordErrorRate: errorRate("WordErrorRate", (p, t) => nn.wordErrorRate(p, t), () => new nn.WordErrorRate(), words),
  characterErrorRate: errorRate("CharacterErrorRate", (p, t) => nn.characterErrorRate(p, t), () => new nn.CharacterErrorRate(), (text) => Array.from(text)),
  bleuScore: {
    accumulator: "Bleu",
    trial(random) {
      const n = random.int(1, 4);
      const predictions = random.list(n, () => sentence(random));
      const targets = predictions.map((text) => random.list(random.int(1, 3), () => (random.bool() ? text : `${text} ${sentence(random)}`.trim())));
      const options = { maxOrder: random.int(1, 4), smoothing: random.pick(["none", "addOne"] as const) };
      return {
        what: JSON.stringify([predictions, targets, options]), inputs: [{ texts: predictions }, { texts: targets }],
        call: (p: never, t: never) => nn.bleuScore(p, t, options), make: () => new nn.Bleu(options) as ReturnType<MetricTrial["make"]>,
        plain: () => bleu(predictions, targets, options.maxOrder, options.smoothing === "addOne"),
      };
    },
  },
};
