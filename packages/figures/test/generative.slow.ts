import { cdist, Generator, mean, min, std, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { adversaries, type AdversariesSettings } from "../src/tasks/adversaries.js";
import { autoencoder } from "../src/tasks/autoencoder.js";
import { levels } from "../src/tasks/diffusion-levels.js";
import { diffusion } from "../src/tasks/diffusion.js";
import { Decoder } from "../src/tasks/digit-decoder.js";
import { numbersOf } from "../src/tasks/digit-network.js";
import { shapes } from "../src/tasks/shapes.js";
import { smallDigits } from "../src/tasks/small-digits.js";
import { average, trained } from "./trained.js";

const pointsOf = (values: readonly number[]): Tensor => tensor([...values]).reshape([-1, 2]);

describe("an autoencoder", () => {
  const [plain, variational] = [trained(autoencoder({ kind: "plain" }), 600), trained(autoencoder({ kind: "variational" }), 600)];

  test("copies digits that it has not seen through two numbers, better than the mean image does", () => {
    const unseen = smallDigits(150, "test", true).images;
    const meanImage = mean(unseen.sub(mean(unseen, 0)).square()).item();
    expect(autoencoder({ kind: "plain" }).view().error).toBeGreaterThan(2 * meanImage);
    expect(plain.error).toBeLessThan(0.75 * meanImage);
    expect(variational.error).toBeLessThan(0.8 * meanImage);
    // The codes are what the decoder needs: the page's decoder draws the same copies from them.
    const copies = new Decoder().decode(variational.codes.slice(0, 10), variational.decoder);
    copies.flat().forEach((pixel, at) => expect(pixel).toBeCloseTo(variational.copies.flat()[at] ?? NaN, 4));
  });

  test("only the variational one keeps its codes near the standard normal distribution", () => {
    const spread = (codes: readonly (readonly number[])[]): number => std(tensor(codes.map((code) => [...code])).reshape([-1])).item();
    expect(spread(variational.codes)).toBeLessThan(1.4);
    expect(spread(plain.codes)).toBeGreaterThan(2);
    expect(variational.divergence).toBeGreaterThan(1);
    expect(plain.divergence).toBeUndefined();
  });

  test("digits of one kind gather, though no label was used", () => {
    const { codes, labels } = variational;
    const places = tensor(codes.map((code) => [...code]));
    const away = cdist(places, places).toArray() as number[][];
    const among = (isSame: boolean): number => average(away.flatMap((row, at) => row.filter((_, other) => other !== at && (labels[at] === labels[other]) === isSame)));
    expect(among(true)).toBeLessThan(0.75 * among(false));
  });
});

describe("adversaries", () => {
  const play = (settings: Partial<AdversariesSettings>, steps: number) => trained(adversaries({ shape: "moons", judge: "fast", seed: 1, ...settings }), steps);

  test("the generator's points come to lie like the real ones, until the discriminator can only guess", () => {
    const { distance, caught, real, generated, history, opinions } = play({ shape: "spot" }, 3000);
    expect(adversaries({ shape: "spot", judge: "fast", seed: 1 }).view().distance).toBeGreaterThan(0.3);
    expect(distance).toBeLessThan(0.05);
    expect(Math.abs(caught - 0.5)).toBeLessThan(0.15);
    for (const axis of [0, 1] as const) expect(average(generated.map((point) => point[axis]))).toBeCloseTo(average(real.map((point) => point[axis])), 0);
    expect(history.at(-1)?.[0]).toBe(3000);
    expect(opinions.every((opinion) => opinion >= 0 && opinion <= 1)).toBe(true);
  });

  test("the generator finds all spots of the ring, but not if the discriminator is slow", () => {
    expect(play({ shape: "ring" }, 3000).spots).toBeGreaterThanOrEqual(7);
    expect(play({ shape: "ring", judge: "slow" }, 1000).spots).toBeLessThanOrEqual(3);
    expect(play({}, 0).spots).toBeUndefined();
  });

  test("looking does not change the game", () => {
    const [watched, left] = [adversaries({ shape: "ring", judge: "fast", seed: 3 }), adversaries({ shape: "ring", judge: "fast", seed: 3 })];
    for (let step = 0; step < 20; step++) {
      watched.step();
      watched.view();
      left.step();
    }
    expect(watched.view().generated).toEqual(left.view().generated);
  });
});

describe("diffusion", () => {
  test.each(["moons", "ring", "spiral"] as const)("makes points of the %s out of noise", (shape) => {
    const { distance, paths, arrows, loss } = trained(diffusion({ shape }), 1000);
    const data = shapes[shape](2000, new Generator(7));
    const away = (points: readonly number[] | undefined): number => mean(min(cdist(pointsOf(points ?? []), data), 1)).item();
    expect(away(paths.at(-1))).toBeGreaterThan(0.25);
    expect(away(paths[0])).toBeLessThan(0.08);
    expect(distance).toBeCloseTo(away(paths[0]), 1);
    expect(loss).toBeLessThan(0.6);
    expect([paths.length, arrows.length]).toEqual([levels + 1, levels]);
    // All of the data are reached, not a part: the middle and the spread agree.
    const made = pointsOf(paths[0] ?? []);
    for (const measure of [(points: Tensor) => mean(points, 0), (points: Tensor) => std(points, 0)]) {
      const [ours, theirs] = [measure(made), measure(data)].map(numbersOf);
      ours?.forEach((value, axis) => expect(Math.abs(value - (theirs?.[axis] ?? NaN))).toBeLessThan(0.2));
    }
  });
});
