import { expect, test } from "vitest";
import { train } from "./main.js";

test("a convolutional network learns to read digits", async () => {
  // More than the 96 % of a perceptron with 128 hidden units after 20 epochs.
  expect((await train()).accuracy).toBeGreaterThan(0.97);
});
