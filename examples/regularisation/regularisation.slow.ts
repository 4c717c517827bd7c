import { beforeAll, expect, test } from "vitest";
import { methods, train } from "./main.js";

const { none, ...regularised } = methods;
/** Confident wrong answers are expensive, so the loss shows more than the accuracy. */
const finalLoss = async (method: Parameters<typeof train>[0]): Promise<number> => (await train(method)).at(-1)?.loss ?? NaN;

let unregularised = NaN;
beforeAll(async () => {
  unregularised = await finalLoss(none);
});

test.each(Object.entries(regularised))("%s lowers the loss on unseen images", async (_, method) => {
  expect(await finalLoss(method)).toBeLessThan(0.9 * unregularised);
});
