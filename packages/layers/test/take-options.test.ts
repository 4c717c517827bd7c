import { describe, expect, it } from "vitest";
import { Module, takeOptions } from "../src/index.js";

class Empty extends Module {
  forward(): void {}
}

describe("takeOptions", () => {
  it("refuses options that the kinds do not allow, in the name of the operation", () => {
    expect(() => takeOptions("Squashed", new Empty(), { features: 0 }, { features: "count" })).toThrow("Squashed: features is 0, expected a positive whole number");
    expect(() => takeOptions("Squashed", new Empty(), { feature: 1 }, { features: "count" })).toThrow('Squashed: there is no option "feature"; did you mean "features"?');
  });

  it.each([[{ a: "number of things" }, 'kinds.a is the string "number of things"'], [{ a: 2 }, "kinds.a is 2"], [{ a: () => true }, "kinds.a is a function"]])("refuses kinds that are none: %j", (kinds, problem) => {
    expect(() => takeOptions("Squashed", new Empty(), { a: 1 }, kinds as never)).toThrow(`takeOptions: ${problem}, expected a kind such as "count", or a list of the values that are allowed`);
  });
});
