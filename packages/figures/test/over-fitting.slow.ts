import { describe, expect, test } from "vitest";
import { mapSize, noisyMoons, range } from "../src/tasks/noisy-moons.js";
import { last, overFitted } from "./over-fitted.js";

describe("over-fitting", () => {
  const without = overFitted();

  test("one neuron under-fits: both losses stay high, side by side", () => {
    const { training, loss } = overFitted({ neurons: 1 });
    expect(last(training)).toBeGreaterThan(0.35);
    expect(loss - last(training)).toBeLessThan(0.1);
  });

  test.each([["dropout", { dropout: true }], ["mixup", { mixup: true }]] as const)("with %s the validation loss ends at less than half", (_, settings) => {
    const view = overFitted(settings);
    expect(view.loss).toBeLessThan(without.loss / 2);
    expect(view.accuracy).toBeGreaterThanOrEqual(without.accuracy - 0.02);
  });

  test("with L2 too, and the map has the answers of the network: most points are on the side of their class", () => {
    const { map, loss } = overFitted({ weightDecay: 3 });
    expect(loss).toBeLessThan(without.loss / 2);
    const { x, y } = noisyMoons({ count: 200, seed: 3 });
    const [points, labels] = [x.toArray() as number[][], (y.toArray() as number[][]).flat()];
    const cell = (value = NaN): number => Math.min(mapSize - 1, Math.max(0, Math.floor(((value - range[0]) / (range[1] - range[0])) * mapSize)));
    const right = points.filter(([a, b], at) => Number((map[mapSize * cell(b) + cell(a)] ?? NaN) > 0.5) === labels[at]);
    expect(right.length).toBeGreaterThan(160);
  });

  test("five networks together are better than one", () => {
    const view = overFitted({ ensemble: true });
    expect(view.loss).toBeLessThan(0.85 * without.loss);
  });

  test("batch normalisation over-fits even sooner, where a batch is all there is", () => {
    const view = overFitted({ batchNorm: true });
    expect(view.bestEpoch).toBeLessThan(without.bestEpoch);
    expect(view.loss).toBeGreaterThan(without.loss);
  });

  test("too much weight decay under-fits: the network is unsure everywhere", () => {
    const view = overFitted({ weightDecay: 30 });
    expect(last(view.training)).toBeCloseTo(Math.log(2), 2);
    for (const probability of view.map) expect(probability).toBeCloseTo(0.5, 1);
  });
});
