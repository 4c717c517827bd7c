import { array, assert, double, boolean, property } from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { choice, conditional, float, int, type ParametersOf } from "../src/index.js";
import { binOf, coordinateOf, dimensionsOf, discreteIndex, valueAt, valueCount, type Dimension } from "../src/space/dimension.js";
import { decode, encode } from "../src/space/encoding.js";
import { pointFrom } from "../src/samplers/random-sampler.js";

const space = {
  learningRate: float(1e-4, 1e-1, { log: true }),
  layers: int(1, 3),
  width: int(16, 512, { log: true }),
  activation: choice(["relu", "tanh"]),
  bias: choice([true, false, null]),
  optimizer: conditional({
    adam: { beta1: float(0.8, 0.99) },
    sgd: { momentum: float(0, 0.9), nesterov: conditional({ yes: { warmup: int(0, 10, { step: 5 }) }, no: {} }) },
  }),
};
const dimensions = dimensionsOf(space);

describe("types of parameters", () => {
  it("follow from the space", () => {
    type Parameters = ParametersOf<typeof space>;
    expectTypeOf<Parameters["learningRate"]>().toEqualTypeOf<number>();
    expectTypeOf<Parameters["activation"]>().toEqualTypeOf<"relu" | "tanh">();
    expectTypeOf<Parameters["bias"]>().toEqualTypeOf<boolean | null>();
    expectTypeOf<Parameters["optimizer"]["kind"]>().toEqualTypeOf<"adam" | "sgd">();
    expectTypeOf<Extract<Parameters["optimizer"], { kind: "adam" }>["beta1"]>().toEqualTypeOf<number>();
    expectTypeOf<keyof Parameters>().toEqualTypeOf<"learningRate" | "layers" | "width" | "activation" | "bias" | "optimizer">();
    // @ts-expect-error -- a parameter of another branch is not there
    const wrong = (parameters: Extract<Parameters["optimizer"], { kind: "adam" }>): unknown => parameters.momentum;
    expect(wrong).toBeTypeOf("function");
  });
});

describe("dimensions", () => {
  it("are named by their paths, each branch after its choice", () => {
    expect(dimensions.map(({ name, condition }) => [name, condition])).toEqual([
      ["learningRate", undefined], ["layers", undefined], ["width", undefined], ["activation", undefined], ["bias", undefined], ["optimizer", undefined],
      ["optimizer.adam.beta1", { index: 5, value: 0 }], ["optimizer.sgd.momentum", { index: 5, value: 1 }], ["optimizer.sgd.nesterov", { index: 5, value: 1 }],
      ["optimizer.sgd.nesterov.yes.warmup", { index: 8, value: 0 }],
    ]);
  });

  const one = (parameter: Dimension["parameter"]): Dimension => ({ name: "x", parameter, condition: undefined });

  it("map the unit interval to values computed by hand", () => {
    expect(valueAt(one(float(-1, 3)), 0.25)).toBe(0);
    expect(valueAt(one(float(1e-4, 1, { log: true })), 0.5)).toBeCloseTo(1e-2, 12);
    expect([0, 0.24, 0.25, 0.99, 1].map((at) => valueAt(one(int(10, 40, { step: 10 })), at))).toEqual([10, 10, 20, 40, 40]);
    expect([0, 0.5, 1].map((at) => valueAt(one(choice(["a", "b"])), at))).toEqual(["a", "b", "b"]);
    // log(1.5/0.5) of log(4.5/0.5): half of the interval belongs to 1.
    expect(binOf(one(int(1, 4, { log: true })), 0)).toEqual([0, expect.closeTo(0.5, 12)]);
  });

  it("give each discrete value an interval, without gaps", () => {
    for (const parameter of [int(1, 7), int(-6, 6, { step: 3 }), int(1, 64, { log: true }), choice(["a", "b", "c"])]) {
      const dimension = one(parameter);
      const bins = Array.from({ length: valueCount(dimension) }, (_, index) => binOf(dimension, index));
      expect(bins.at(-1)?.[1]).toBeCloseTo(1, 12);
      for (const [index, [from, to]] of bins.entries()) {
        expect(from).toBeCloseTo(index === 0 ? 0 : (bins[index - 1]?.[1] ?? NaN), 12);
        expect(discreteIndex(dimension, (from + to) / 2)).toBe(index);
        expect(discreteIndex(dimension, from + 1e-9)).toBe(index);
        expect(discreteIndex(dimension, to - 1e-9)).toBe(index);
      }
    }
  });

  it("give back the coordinate of a value", () => {
    assert(property(double({ min: 0, max: 1, noNaN: true }), boolean(), (at, log) => {
      const dimension = one(float(1e-3, 1e3, { log }));
      expect(coordinateOf(dimension, valueAt(dimension, at))).toBeCloseTo(at, 9);
    }));
    expect(coordinateOf(one(float(0, 1)), 1.1)).toBeUndefined();
    expect(coordinateOf(one(int(0, 10, { step: 5 })), 4)).toBeUndefined();
    expect(coordinateOf(one(choice(["a"])), "b")).toBeUndefined();
  });
});

describe("encode and decode", () => {
  it("are inverse to one another, also after JSON", () => {
    assert(property(array(double({ min: 0, max: 1, noNaN: true }), { minLength: dimensions.length, maxLength: dimensions.length }), (coordinates) => {
      const parameters = decode(space, dimensions, pointFrom(dimensions, (index) => coordinates[index] ?? 0));
      const stored: unknown = JSON.parse(JSON.stringify(parameters));
      expect(stored).toEqual(parameters);
      const point = encode("test", space, dimensions, stored);
      const again = decode(space, dimensions, point);
      expect(again.activation).toBe(parameters.activation);
      expect(again.optimizer.kind).toBe(parameters.optimizer.kind);
      expect(again.width).toBe(parameters.width);
      expect(again.learningRate).toBeCloseTo(parameters.learningRate, 9);
    }));
  });

  it("refuse other parameters by name", () => {
    const fine = decode(space, dimensions, pointFrom(dimensions, () => 0));
    const refusal = (changed: object): string => {
      try {
        encode("test", space, dimensions, { ...fine, ...changed });
        return "taken";
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal({})).toBe("taken");
    expect([
      refusal({ learningRate: 1 }), refusal({ layers: 1.5 }), refusal({ activation: "gelu" }), refusal({ learningrate: 0.1 }), refusal({ layers: undefined }),
      refusal({ optimizer: { kind: "adam", momentum: 0.5 } }), refusal({ optimizer: "adam" }), refusal({ optimizer: { kind: "toString" } }),
    ]).toMatchInlineSnapshot(`
      [
        "ArgumentError: test: the parameter "learningRate" is 1, which is not in the space",
        "ArgumentError: test: the parameter "layers" is 1.5, which is not in the space",
        "ArgumentError: test: the parameter "activation" is the string "gelu", which is not in the space",
        "ArgumentError: test: the space has no parameter "learningrate"; did you mean "learningRate"?",
        "ArgumentError: test: the parameter "layers" is undefined, which is not in the space",
        "ArgumentError: test: the space has no parameter "optimizer.adam.momentum"",
        "ArgumentError: test: the parameter "optimizer" is the string "adam", expected a branch such as { kind: "adam", … }",
        "ArgumentError: test: the parameter "optimizer" is the string "toString", which is not in the space",
      ]
    `);
  });
});

describe("wrong parameters are refused", () => {
  it.each<readonly [string, () => unknown]>([
    ["low is 1 and high is 1, expected low < high", () => float(1, 1)],
    ["a logarithmic scale has no 0", () => float(0, 1, { log: true })],
    ["their difference is too large", () => float(-1e308, 1e308)],
    ["the last one below it is 9", () => int(1, 10, { step: 4 })],
    ["step is 2 with log: true", () => int(1, 9, { step: 2, log: true })],
    ["low is 1.5, expected a whole number", () => int(1.5, 3)],
    ["there are no values", () => choice([])],
    ["a value occurs twice", () => choice(["a", "a"])],
    ["a value is NaN", () => choice([NaN])],
    ["there are no branches", () => conditional({})],
    ["has a parameter \"kind\"", () => conditional({ a: { kind: int(1, 2) } })],
    ["expected a name without a dot", () => conditional({ a: { "b.c": int(1, 2) } })],
  ])("%s", (message, make) => {
    expect(make).toThrow(message);
  });
});
