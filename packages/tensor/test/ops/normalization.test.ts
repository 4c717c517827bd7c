import { describe, expect, it, test } from "vitest";
import {
  arange, batchNorm, groupNorm, instanceNorm, layerNorm, prelu, rmsNorm, sin, tensor, zeros, type Tensor,
} from "../../src/index.js";
import { messagesOf } from "../message.js";

const [batch, channels, length] = [3, 4, 5];
const elements = Float64Array.from({ length: batch * channels * length }, (_, at) => Math.sin(at * 1.7) * 3 + 0.2);
const x = tensor(elements, { shape: [batch, channels, length], dtype: "float64" });
const weight = tensor([1, -2, 0.5, 3], { dtype: "float64" });
const bias = tensor([0.1, 0.2, 0.3, 0.4], { dtype: "float64" });
const epsilon = 0.01;

/** `(x − mean) / √(variance + ε)` over the elements that have the same key, by plain loops. */
function normalized(keyOf: (n: number, c: number, l: number) => unknown): number[] {
  const positions = Array.from(elements, (value, at) => ({ value, n: Math.floor(at / (channels * length)), c: Math.floor(at / length) % channels, l: at % length }));
  return positions.map((position) => {
    const alike = positions.filter(({ n, c, l }) => keyOf(n, c, l) === keyOf(position.n, position.c, position.l)).map(({ value }) => value);
    const mean = alike.reduce((sum, value) => sum + value, 0) / alike.length;
    const variance = alike.reduce((sum, value) => sum + (value - mean) ** 2, 0) / alike.length;
    return (position.value - mean) / Math.sqrt(variance + epsilon);
  });
}

function channelOf(at: number): number {
  return Math.floor(at / length) % channels;
}

function scaled(values: readonly number[]): number[] {
  const [factors, offsets] = [weight.toTypedArray(), bias.toTypedArray()];
  return values.map((value, at) => value * (factors[channelOf(at)] ?? NaN) + (offsets[channelOf(at)] ?? NaN));
}

function expectClose(found: Tensor, expected: readonly number[]): void {
  const values = Array.from(found.toTypedArray());
  expect(found.shape).toEqual([batch, channels, length]);
  values.forEach((value, at) => expect(value).toBeCloseTo(expected[at] ?? NaN, 12));
}

describe("against plain loops", () => {
  it("batchNorm, with the statistics of the batch or given ones", () => {
    expectClose(batchNorm(x, { epsilon }), normalized((_, c) => c));
    expectClose(batchNorm(x, { weight, bias, epsilon }), scaled(normalized((_, c) => c)));
    const [mean, variance] = [tensor([1, 2, 3, 4], { dtype: "float64" }), tensor([4, 1, 9, 16], { dtype: "float64" })];
    const known = Array.from(elements, (value, at) => (value - (channelOf(at) + 1)) / Math.sqrt(([4, 1, 9, 16][channelOf(at)] ?? NaN) + epsilon));
    expectClose(batchNorm(x, { mean, variance, weight, bias, epsilon }), scaled(known));
  });

  it("instanceNorm", () => {
    expectClose(instanceNorm(x, { weight, bias, epsilon }), scaled(normalized((n, c) => n * channels + c)));
    const statistics = Array.from({ length: batch * channels }, (_, at) => at + 1);
    const centered = (at: number, mean: number, variance: number): number => ((elements[at] ?? NaN) - mean) / Math.sqrt(variance + epsilon);
    const perExample = tensor(statistics, { shape: [batch, channels], dtype: "float64" });
    expectClose(instanceNorm(x, { mean: perExample, variance: perExample.mul(2), epsilon }), Array.from(elements, (_, at) => {
      const own = Math.floor(at / length) + 1;
      return centered(at, own, 2 * own);
    }));
    const perChannel = tensor(statistics.slice(0, channels), { dtype: "float64" });
    expectClose(instanceNorm(x, { mean: perChannel, variance: perChannel, epsilon }), Array.from(elements, (_, at) => centered(at, channelOf(at) + 1, channelOf(at) + 1)));
  });

  it.each([1, 2, 4])("groupNorm of %d groups", (groups) => {
    expectClose(groupNorm(x, groups, { weight, bias, epsilon }), scaled(normalized((n, c) => n * groups + Math.floor((c * groups) / channels))));
  });

  it("layerNorm over one axis and two", () => {
    expectClose(layerNorm(x, length, { epsilon }), normalized((n, c) => n * channels + c));
    const [factors, offsets] = [sin(arange(channels * length, { dtype: "float64" })), arange(channels * length, { dtype: "float64" })].map((each) => each.reshape([channels, length]));
    const inner = channels * length;
    expectClose(
      layerNorm(x, [channels, length], { epsilon, weight: factors, bias: offsets }),
      normalized((n) => n).map((value, at) => value * Math.sin(at % inner) + (at % inner)),
    );
  });

  it("rmsNorm", () => {
    const rows = Array.from(elements, (value, at) => {
      const start = at - (at % length);
      const squares = elements.slice(start, start + length).reduce((sum, each) => sum + each * each, 0);
      return (value / Math.sqrt(squares / length + epsilon)) * ((at % length) + 1);
    });
    expectClose(rmsNorm(x, length, { epsilon, weight: arange(1, length + 1, { dtype: "float64" }) }), rows);
    // Without an epsilon, the distance from 1 to the next number of the dtype.
    expect(rmsNorm(zeros([1, 2]), 2).toArray()).toEqual([[0, 0]]);
  });

  it("prelu, of one slope or one for each channel", () => {
    const slope = (at: number): number => [1, -2, 0.5, 3][channelOf(at)] ?? NaN;
    expectClose(prelu(x, weight), Array.from(elements, (value, at) => (value > 0 ? value : slope(at) * value)));
    for (const one of [tensor(0.25, { dtype: "float64" }), tensor([0.25], { dtype: "float64" })]) {
      expectClose(prelu(x, one), Array.from(elements, (value) => (value > 0 ? value : 0.25 * value)));
    }
    expect(prelu(tensor([NaN, -1]), tensor([0.5])).toArray()).toEqual([NaN, -0.5]);
  });
});

it("accept empty batches", () => {
  expect(layerNorm(zeros([0, 3]), 3).shape).toEqual([0, 3]);
  expect(groupNorm(zeros([0, 4, 2]), 2).shape).toEqual([0, 4, 2]);
  expect(batchNorm(zeros([0, 4]), { mean: zeros([4]), variance: zeros([4]) }).shape).toEqual([0, 4]);
});

test("errors", () => {
  const image = zeros([2, 4, 3]);
  const call = (operation: (...args: never[]) => unknown, ...args: readonly unknown[]) => () => Reflect.apply(operation, undefined, args);
  expect(messagesOf({
    "batchNorm one value": () => batchNorm(zeros([1, 4])),
    "batchNorm mean alone": () => batchNorm(image, { mean: zeros([4]) }),
    "batchNorm weight": () => batchNorm(image, { weight: zeros([3]) }),
    "batchNorm dtype": () => batchNorm(image, { bias: zeros([4], { dtype: "float64" }) }),
    "batchNorm epsilon": () => batchNorm(image, { epsilon: -1 }),
    "batchNorm option": call(batchNorm, image, { eps: 1e-3 }),
    "batchNorm positional": call(batchNorm, image, zeros([4]), zeros([4])),
    "instanceNorm rank": () => instanceNorm(zeros([2, 4])),
    "instanceNorm one position": () => instanceNorm(zeros([2, 4, 1])),
    "instanceNorm mean": () => instanceNorm(image, { mean: zeros([3, 4]), variance: zeros([3, 4]) }),
    "instanceNorm variance alone": () => instanceNorm(image, { variance: zeros([4]) }),
    "batchNorm mean of each example": () => batchNorm(image, { mean: zeros([2, 4]), variance: zeros([2, 4]) }),
    "groupNorm split": () => groupNorm(image, 3),
    "groupNorm one value": () => groupNorm(zeros([2, 4]), 4),
    "groupNorm groups": call(groupNorm, image, "2"),
    "layerNorm shape": () => layerNorm(image, [4, 2]),
    "layerNorm text": call(layerNorm, image, "3"),
    "layerNorm bias": () => layerNorm(image, 3, { bias: zeros([4]) }),
    "layerNorm integers": () => layerNorm(zeros([2], { dtype: "int32" }), 2),
    "rmsNorm bias": call(rmsNorm, image, 3, { bias: zeros([3]) }),
    "rmsNorm none": () => rmsNorm(image, []),
    "prelu channels": () => prelu(image, zeros([3])),
    "prelu number": call(prelu, image, 0.25),
  })).toMatchInlineSnapshot(`
    {
      "batchNorm dtype": "DTypeError: batchNorm: bias has dtype float64 but the input float32; cast one",
      "batchNorm epsilon": "ArgumentError: batchNorm: epsilon is -1, expected a number, at least 0",
      "batchNorm mean alone": "ArgumentError: batchNorm: mean is given without variance; give both or none",
      "batchNorm mean of each example": "ShapeError: batchNorm: mean is [2, 4], expected [4] for input [2, 4, 3]",
      "batchNorm one value": "ShapeError: batchNorm: input [1, 4] has one value per channel, whose variance is always 0; give it more values, or a mean and a variance",
      "batchNorm option": "ArgumentError: batchNorm: there is no option "eps"; did you mean "epsilon"?",
      "batchNorm positional": "ArgumentError: batchNorm: the options are a Tensor, expected an object such as { weight: …, bias: …, epsilon: … }",
      "batchNorm weight": "ShapeError: batchNorm: weight is [3], expected [4] for input [2, 4, 3]",
      "groupNorm groups": "ArgumentError: groupNorm: groups is the string "2", expected a positive whole number",
      "groupNorm one value": "ShapeError: groupNorm: input [2, 4] has one value per group, whose variance is always 0; use fewer groups, or give it larger inputs",
      "groupNorm split": "ShapeError: groupNorm: the 4 channels of input [2, 4, 3] do not split into 3 groups",
      "instanceNorm mean": "ShapeError: instanceNorm: mean is [3, 4], expected [2, 4] for input [2, 4, 3]",
      "instanceNorm one position": "ShapeError: instanceNorm: input [2, 4, 1] has one value per channel, whose variance is always 0; give it more values, or a mean and a variance",
      "instanceNorm rank": "ShapeError: instanceNorm: input is [2, 4], expected [N, C, ...spatial]",
      "instanceNorm variance alone": "ArgumentError: instanceNorm: variance is given without mean; give both or none",
      "layerNorm bias": "ShapeError: layerNorm: bias is [4], expected [3] for input [2, 4, 3]",
      "layerNorm integers": "DTypeError: layerNorm: input has dtype int32, expected float32 or float64; convert it with .cast("float32")",
      "layerNorm shape": "ShapeError: layerNorm: input is [2, 4, 3], expected [..., 4, 2]",
      "layerNorm text": "ShapeError: layerNorm: the shape is the string "3", expected an array of sizes such as [2, 3]",
      "prelu channels": "ShapeError: prelu: weight is [3] for input [2, 4, 3], expected one slope, or one for each channel on axis 1",
      "prelu number": "UsageError: prelu: weight is 0.25, expected a Tensor",
      "rmsNorm bias": "ArgumentError: rmsNorm: there is no option "bias"; its options are weight, epsilon",
      "rmsNorm none": "ShapeError: rmsNorm: shape is [], expected the sizes of the last axes",
    }
  `);
});
