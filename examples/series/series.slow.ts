import { expect, test } from "vitest";
import { test as testOf, train } from "./main.js";

test("a recurrent network predicts a day better than those who look at the calendar only", async () => {
  const { model } = await train();
  const { error, yesterday, lastWeek } = testOf(model);
  expect(error).toBeLessThan(0.7 * lastWeek);
  expect(error).toBeLessThan(0.5 * yesterday);
});
