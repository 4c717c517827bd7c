import { expect, test } from "vitest";
import { hostEffect } from "../../src/index.js";

test("hostEffect runs its effect, and refuses an asynchronous one", () => {
  let runs = 0;
  hostEffect(() => { runs++; });
  expect(runs).toBe(1);
  expect(() => hostEffect(async () => { await Promise.resolve(); })).toThrow("hostEffect: the effect is asynchronous");
});
