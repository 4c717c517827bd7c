import { expect, test } from "vitest";
import { CartPole } from "./cart-pole.js";
import { mean, play, train } from "./main.js";

test("the cart obeys the equations of motion", () => {
  const cart = new CartPole(() => 0.5);
  expect(cart.reset()).toEqual([0, 0, 0, 0]);
  // From rest: push / (mass of cart and pole), minus what accelerates the pole; the angular acceleration opposes the push.
  const { state, fell } = cart.step(1);
  expect(state[1]).toBeCloseTo(0.02 * 9.756, 4);
  expect(state[3]).toBeCloseTo(0.02 * -14.634, 4);
  expect(fell).toBe(false);
});

test("the pole falls soon when pushes come by chance, and stays up when the network chooses them", () => {
  let turn = 0;
  expect(mean(play(() => (turn = (turn * 48271 + 11) % 2147483647) % 2, 100))).toBeLessThan(40);
  const { act } = train();
  expect(mean(play(act, 100))).toBeGreaterThan(475);
});
