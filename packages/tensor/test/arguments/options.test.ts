import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "@nn/tensor";
import { didYouMean, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { messageOf } from "../message.js";

interface Options {
  readonly keepAxes?: boolean;
  readonly reduction?: "mean" | "sum";
  readonly epsilon?: number | undefined;
  readonly weight?: Tensor | undefined;
  readonly axis?: number | readonly number[];
}

const kinds: OptionKinds<Options> = { keepAxes: "boolean", reduction: ["mean", "sum"], epsilon: "positive", weight: "tensor", axis: "any" };
const check = (options: unknown): void => requireOptions("op", options as object, kinds);

describe("requireOptions", () => {
  it("accepts options of their kinds, left out or undefined", () => {
    expect(() => check({})).not.toThrow();
    expect(() => check(undefined)).not.toThrow();
    expect(() => check({ keepAxes: true, reduction: "sum", epsilon: 1e-5, weight: tensor([1]), axis: [1, 2] })).not.toThrow();
    expect(() => check({ keepAxes: undefined, reduction: undefined })).not.toThrow();
    expect(() => check(Object.create(null))).not.toThrow();
  });

  it("refuses options that are not an object", () => {
    const refused = [null, false, 3, "mean", [2, 3], tensor([1]), new Float32Array(2), () => 1];
    expect(refused.map((options) => messageOf(() => check(options)))).toMatchInlineSnapshot(`
      [
        "ArgumentError: op: the options are null, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are false, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are 3, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are the string "mean", expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are an array of 2, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are a Tensor, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are a typed array of 2, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
        "ArgumentError: op: the options are a function, expected an object such as { keepAxes: …, reduction: …, epsilon: … }",
      ]
    `);
  });

  it("refuses unknown names with the nearest one", () => {
    const refused: readonly object[] = [{ keepaxis: true }, { keep_axes: true }, { reducton: "sum" }, { eps: 1 }, { axes: 1 }, { constructor: 1 }, { momentum: 1 }];
    expect(refused.map((options) => messageOf(() => check(options)))).toMatchInlineSnapshot(`
      [
        "ArgumentError: op: there is no option "keepaxis"; did you mean "keepAxes"?",
        "ArgumentError: op: there is no option "keep_axes"; did you mean "keepAxes"?",
        "ArgumentError: op: there is no option "reducton"; did you mean "reduction"?",
        "ArgumentError: op: there is no option "eps"; did you mean "epsilon"?",
        "ArgumentError: op: there is no option "axes"; did you mean "axis"?",
        "ArgumentError: op: there is no option "constructor"; its options are keepAxes, reduction, epsilon, weight, axis",
        "ArgumentError: op: there is no option "momentum"; its options are keepAxes, reduction, epsilon, weight, axis",
      ]
    `);
  });

  it("refuses values of another kind", () => {
    const refused = [{ keepAxes: 1 }, { keepAxes: null }, { reduction: "average" }, { reduction: "SUM" }, { epsilon: "0.1" }, { epsilon: NaN }, { epsilon: 0 }, { weight: [1] }];
    expect(refused.map((options) => messageOf(() => check(options)))).toMatchInlineSnapshot(`
      [
        "ArgumentError: op: keepAxes is 1, expected true or false",
        "ArgumentError: op: keepAxes is null, expected true or false",
        "ArgumentError: op: reduction is the string "average", expected "mean" or "sum"",
        "ArgumentError: op: reduction is the string "SUM", expected "mean" or "sum"; did you mean "sum"?",
        "ArgumentError: op: epsilon is the string "0.1", expected a positive number",
        "ArgumentError: op: epsilon is NaN, expected a positive number",
        "ArgumentError: op: epsilon is 0, expected a positive number",
        "ArgumentError: op: weight is an array of 1, expected a Tensor",
      ]
    `);
  });

  it("holds a list of kinds to its type", () => {
    // @ts-expect-error an option without a kind
    const missing: OptionKinds<Options> = { keepAxes: "boolean", reduction: ["mean", "sum"], epsilon: "positive", weight: "tensor" };
    // @ts-expect-error a value that the type does not have
    const wrong: OptionKinds<Pick<Options, "reduction">> = { reduction: ["mean", "none"] };
    expect([missing, wrong]).toHaveLength(2);
  });
});

describe("didYouMean", () => {
  it("finds names that differ by case, separators, an ending or a typing error", () => {
    const names = ["learningRate", "labelSmoothing", "shuffle", "keepAxes", "adam", "sgd"];
    const close = ["learning_rate", "labelsmoothing", "shuffel", "keepAxis", "adma", "Adam", "sdg"];
    expect(close.map((name) => didYouMean(name, names).match(/"(.*)"/)?.[1])).toEqual(["learningRate", "labelSmoothing", "shuffle", "keepAxes", "adam", "adam", "sgd"]);
  });

  it("says nothing if no name is close", () => {
    expect(["momentum", "x", ""].map((name) => didYouMean(name, ["learningRate", "shuffle"]))).toEqual(["", "", ""]);
    expect(didYouMean("axis", [])).toBe("");
  });
});
