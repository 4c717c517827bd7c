import { expect, test } from "vitest";
import { accuracyOf, search } from "./main.js";

test("a search finds parameters with which a training ends well, and ends bad trials early", async () => {
  const losses: number[] = [];
  const study = await search((best) => losses.push(best));
  expect(study.trials.length).toBe(30);
  expect(study.trials.filter(({ state }) => state === "pruned").length).toBeGreaterThan(5);
  expect(study.best.value).toBeLessThan(0.4);
  expect(study.best.value).toBe(losses.at(-1));
  expect(await accuracyOf(study.best.parameters)).toBeGreaterThan(0.85);
});
