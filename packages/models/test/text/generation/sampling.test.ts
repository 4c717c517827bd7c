import { Generator } from "@nn/tensor";
import { describe, expect, it } from "vitest";
import { chooseToken } from "../../../src/text/generation/sampling.js";
import type { SamplingOptions } from "../../../src/index.js";

/** How often each of four tokens with probabilities 0.4, 0.3, 0.2 and 0.1 is chosen. */
function frequencies(options: SamplingOptions, draws = 4000): number[] {
  const generator = new Generator(5);
  const logits = [0.3, 0.1, 0.4, 0.2].map(Math.log);
  const chosen = Array.from({ length: draws }, () => chooseToken(logits, options, generator));
  return logits.map((_, token) => chosen.filter((each) => each === token).length / draws);
}

const expectNear = (got: readonly number[], want: readonly number[]): void => {
  for (const [at, each] of want.entries()) expect(Math.abs((got[at] ?? NaN) - each)).toBeLessThan(each === 0 ? 1e-12 : 0.03);
};

describe("chooseToken", () => {
  it("takes the likeliest token without a temperature, of equal ones the first", () => {
    expect(chooseToken([1, 3, 3, 2], {}, new Generator(1))).toBe(1);
    expect(frequencies({}, 5)).toEqual([0, 0, 1, 0]);
  });

  it("draws with the probabilities of the model", () => {
    expectNear(frequencies({ temperature: 1 }), [0.3, 0.1, 0.4, 0.2]);
  });

  it("sharpens or flattens them by the temperature", () => {
    const powers = [0.09, 0.01, 0.16, 0.04].map((power) => power / 0.3);
    expectNear(frequencies({ temperature: 0.5 }), powers);
    expectNear(frequencies({ temperature: 1e6 }), [0.25, 0.25, 0.25, 0.25]);
    expectNear(frequencies({ temperature: 1e-9 }), [0, 0, 1, 0]);
  });

  it("draws the likeliest tokens only", () => {
    expectNear(frequencies({ temperature: 1, topK: 2 }), [3 / 7, 0, 4 / 7, 0]);
    expectNear(frequencies({ temperature: 1, topK: 1 }), [0, 0, 1, 0]);
    expectNear(frequencies({ temperature: 1, topK: 9 }), [0.3, 0.1, 0.4, 0.2]);
    expectNear(frequencies({ temperature: 1, topP: 0.65 }), [3 / 7, 0, 4 / 7, 0]);
    expectNear(frequencies({ temperature: 1, topP: 0.75 }), [3 / 9, 0, 4 / 9, 2 / 9]);
    expectNear(frequencies({ temperature: 1, topK: 3, topP: 0.65 }), [3 / 7, 0, 4 / 7, 0]);
  });

  it("keeps the first of equally likely tokens", () => {
    const chosen = new Set(Array.from({ length: 50 }, (_, seed) => chooseToken([0, 0, 0, 0], { temperature: 1, topK: 2 }, new Generator(seed))));
    expect([...chosen].toSorted()).toEqual([0, 1]);
  });

  it("never draws a token that the model excludes", () => {
    expect(Array.from({ length: 50 }, (_, seed) => chooseToken([-Infinity, 0, -Infinity], { temperature: 5 }, new Generator(seed)))).toEqual(new Array(50).fill(1));
  });
});
