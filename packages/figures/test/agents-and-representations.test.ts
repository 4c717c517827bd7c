import { Generator, tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";
import { augmented } from "../src/tasks/augmentation.js";
import { farthest, isLost, lengthOf, longestEpisode, pushed, startOf, steepest, type CartState, type Push } from "../src/tasks/cart-pole.js";
import { digitPixels, digitSide, rowsOf, smallDigits } from "../src/tasks/small-digits.js";
import { average, randomNumbers } from "./trained.js";

describe("the cart", () => {
  test("obeys the equations of motion", () => {
    // From rest: push / (mass of cart and pole), minus what accelerates the pole; the angular acceleration opposes the push.
    const [position, speed, angle, angularSpeed] = pushed([0, 0, 0, 0], 1);
    expect([position, angle]).toEqual([0, 0]);
    expect(speed).toBeCloseTo(0.02 * 9.756, 4);
    expect(angularSpeed).toBeCloseTo(0.02 * -14.634, 4);
    expect(pushed([0, 0, 0, 0], 0)).toEqual([0, 0, 0, 0]);
    expect(pushed([0, 0, 0, 0], -1)).toEqual(pushed([0, 0, 0, 0], 1).map((value) => 0 - value));
    expect([isLost([farthest + 0.01, 0, 0, 0]), isLost([0, 0, -steepest - 0.01, 0]), isLost([farthest, 0, steepest, 0])]).toEqual([true, true, false]);
  });

  test("falls soon when pushes come by chance, and stays up under a rule that looks at the pole", () => {
    const random = randomNumbers();
    const lengths = (act: (state: CartState) => Push): number => average(Array.from({ length: 50 }, () => lengthOf(act, startOf(random))));
    expect(lengths(() => (random() < 0.5 ? -1 : 1))).toBeLessThan(40);
    expect(lengths(([, , angle, angularSpeed]) => (angle + 0.5 * angularSpeed > 0 ? 1 : -1))).toBeGreaterThan(150);
    expect(longestEpisode).toBe(500);
  });
});

describe("augmentation", () => {
  test("changes nothing, adds noise, or turns and shifts as well", () => {
    const { images } = smallDigits(10, "test");
    const views = (name: "none" | "noise" | "all") => augmented(images, name, new Generator(1));
    expect(views("none").toArray()).toEqual(images.toArray());
    const change = (name: "noise" | "all"): number => Math.sqrt(views(name).sub(images).square().mean().item());
    expect(change("noise")).toBeCloseTo(0.2, 2);
    expect(change("all")).toBeGreaterThan(0.2);
    // A turned and shifted dot is still one dot, somewhere near.
    const dot = tensor([Array.from({ length: digitPixels }, (_, at) => Number(at === 6 * digitSide + 7))]);
    const moved = rowsOf(augmented(dot, "all", new Generator(2)))[0] ?? [];
    const at = moved.indexOf(Math.max(...moved));
    expect(Math.hypot(Math.floor(at / digitSide) - 6, (at % digitSide) - 7)).toBeLessThan(5);
  });
});
