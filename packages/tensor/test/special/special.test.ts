import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { erf, erfc } from "../../src/special/error-function.js";
import { erfInv } from "../../src/special/inverse-error-function.js";
import { sigmoid } from "../../src/special/sigmoid.js";

const functions = { erf, erfc, erfInv, sigmoid };

/** Inputs with the values of each function, from high-precision arithmetic. */
const exact = JSON.parse(readFileSync(new URL("exact-values.json", import.meta.url), "utf8")) as {
  readonly [F in keyof typeof functions]: readonly (readonly [x: number, value: number])[];
};

/** The relative error, in units of half the last place of float64; below the normal range it is the absolute error that counts. */
function error(found: number, value: number): number {
  return found === value ? 0 : Math.abs(found - value) / (Math.max(Math.abs(value), 2 ** -1022) * 2 ** -53);
}

describe("special functions", () => {
  it.each([["erf", 5], ["erfc", 12], ["erfInv", 12], ["sigmoid", 4]] as const)("%s is within %d half units of the last place of float64", (name, most) => {
    for (const [x, value] of exact[name]) {
      const found = functions[name](x);
      expect(error(found, value), `${name}(${x}) is ${found}, expected ${value}`).toBeLessThanOrEqual(most);
    }
    expect(exact[name].length).toBeGreaterThan(70);
  });

  it.each(["erf", "erfc", "erfInv", "sigmoid"] as const)("%s rounds to the nearest float32", (name) => {
    for (const [x, value] of exact[name]) expect(Math.fround(functions[name](x))).toBe(Math.fround(value));
  });

  it("erf is odd, erfc its complement, erfInv its inverse", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), (x) => {
        expect(erf(-x)).toBe(-erf(x));
        expect(Math.abs(erf(x) + erfc(x) - 1)).toBeLessThan(4e-16);
        // Where erf is flat, neighbouring numbers have one value: its inverse can be no more exact.
        const slope = Math.exp(-x * x);
        expect(Math.abs(erfInv(erf(x)) - x)).toBeLessThanOrEqual(1e-15 * (Math.abs(x) + 1 / slope));
      }),
    );
  });

  it("is monotonic at the borders between approximations", () => {
    for (const [f, joint, sign] of [[erf, 0.5, 1], [erfc, 0.5, -1], [erfc, 4, -1], [erfInv, 0.85, 1]] as const) {
      const step = joint * 2 ** -40;
      for (let i = -20; i < 20; i++) expect(sign * (f(joint + (i + 1) * step) - f(joint + i * step))).toBeGreaterThanOrEqual(0);
    }
  });

  it("is right at the edges", () => {
    expect([-Infinity, -0, 0, Infinity, NaN].map(erf)).toEqual([-1, -0, 0, 1, NaN]);
    expect([-Infinity, -0, 30, Infinity, NaN].map(erfc)).toEqual([2, 1, 0, 0, NaN]);
    expect([-1.1, -1, -0, 1, 2, NaN].map(erfInv)).toEqual([NaN, -Infinity, -0, Infinity, NaN, NaN]);
    expect([-Infinity, -1000, 1000, Infinity, NaN].map(sigmoid)).toEqual([0, 0, 1, 1, NaN]);
  });
});
