import { tensor } from "@nn/tensor";
import { expect, test } from "vitest";
import { clipByValue } from "../../src/index.js";

test("clipByValue keeps each element between the limits", () => {
  expect(clipByValue([tensor([-3, 0.5, 3]), undefined], 1).map((gradient) => gradient?.toArray())).toEqual([[-1, 0.5, 1], undefined]);
});
