import { checkGradients, valueAndGrad } from "@nn/autograd";
import { tensor, Variable } from "@nn/tensor";
import { expect, test } from "vitest";
import { elasticNetPenalty, l1Penalty, l2Penalty } from "../src/index.js";

const weight = new Variable(tensor([[1, -2], [0, 3]]));
const bias = new Variable(tensor([-0.5]));

test("are sums over all parameters", () => {
  expect(l1Penalty([weight, bias]).item()).toBe(6.5);
  expect(l2Penalty(new Set([weight, bias])).item()).toBe(14.25);
  expect(elasticNetPenalty([weight, bias.value], { l1: 2, l2: 0.5 }).item()).toBe(2 * 6.5 + 0.5 * 14.25);
  expect(l1Penalty([]).item()).toBe(0);
});

test("gradients: the sign, and twice the weight", () => {
  expect(valueAndGrad(() => l1Penalty([weight]), [weight]).gradients[0].toArray()).toEqual([[1, -1], [0, 1]]);
  expect(valueAndGrad(() => l2Penalty([weight, weight]), [weight]).gradients[0].toArray()).toEqual([[4, -8], [0, 12]]);
  expect(() => checkGradients((a, b) => elasticNetPenalty([a, b], { l1: 0.3, l2: 0.7 }), [tensor([1, -2]), tensor([[0.5]])])).not.toThrow();
});

test("errors", () => {
  expect(() => l1Penalty([3 as never])).toThrowErrorMatchingInlineSnapshot(`[UsageError: l1Penalty: parameter is 3, expected a Tensor]`);
  expect(() => elasticNetPenalty([weight], { l1: -1 })).toThrowErrorMatchingInlineSnapshot(`[ArgumentError: elasticNetPenalty: l1 is -1, expected a number, at least 0]`);
});
