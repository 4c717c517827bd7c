import { tensor } from "@nn/tensor";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "../../src/index.js";

const gradients = fc.array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
  .map((lists) => lists.map((values) => tensor(values, { dtype: "float64" })));
const limit = fc.double({ min: 0.01, max: 100, noNaN: true });
const p = fc.constantFrom(1, 2, 3, Infinity);

test("no norm is above its limit after clipping, and clipping again changes nothing", () => {
  fc.assert(fc.property(gradients, limit, p, (given, most, power) => {
    const once = clipByGlobalNorm(given, most, { p: power });
    const twice = clipByGlobalNorm(once.gradients, most, { p: power });
    expect(twice.norm.item()).toBeLessThanOrEqual(most * (1 + 1e-9));
    for (const gradient of clipByNorm(given, most, { p: power })) {
      expect(clipByGlobalNorm([gradient], most, { p: power }).norm.item()).toBeLessThanOrEqual(most * (1 + 1e-9));
    }
    for (const gradient of clipByValue(given, most)) expect(gradient.abs().max().item()).toBeLessThanOrEqual(most);
  }));
});
