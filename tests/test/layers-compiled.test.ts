import { arange, Generator, normal, type Tensor } from "@nn/tensor";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { AdaptiveLogSoftmaxWithLoss, MultiheadAttention } from "@nn/layers";
import { expect, test } from "vitest";

const numbers = (x: Tensor): number[] => [...x.toTypedArray()] as number[];

function expectClose(found: Tensor, expected: Tensor): void {
  expect(found.shape).toEqual(expected.shape);
  const wanted = numbers(expected);
  numbers(found).forEach((each, at) => expect(each).toBeCloseTo(wanted[at] ?? NaN, 12));
}

test("a cluster of 0 features has the same loss and gradients compiled", () => {
  const layer = new AdaptiveLogSoftmaxWithLoss(5, 9, [2, 5, 7], { divValue: 2, dtype: "float64", generator: new Generator(4) });
  const target = arange(9, { dtype: "int32" });
  const step = (x: Tensor) => valueAndGrad(() => layer.forward(x, target).loss, layer.parameters(), { strict: false });
  const x = normal([9, 5], { dtype: "float64", generator: new Generator(5) });
  const [compiled, eager] = [compile(step)(x), step(x)];
  expectClose(compiled.value, eager.value);
  compiled.gradients.forEach((gradient, at) => expectClose(gradient, eager.gradients[at] as Tensor));
});

test("attention with added keys is the same compiled, step by step too", () => {
  const layer = new MultiheadAttention(6, 2, { biasKeyValue: true, zeroAttention: true, batchFirst: true, dtype: "float64", generator: new Generator(1) });
  const x = normal([2, 4, 6], { dtype: "float64", generator: new Generator(2) });
  const step = (input: Tensor) => valueAndGrad(() => layer.forward(input, input, input, { causal: true }).output.square().mean(), layer.parameters());
  const [compiled, eager] = [compile(step)(x), step(x)];
  expectClose(compiled.value, eager.value);
  compiled.gradients.forEach((gradient, at) => expectClose(gradient, eager.gradients[at] as Tensor));
  const [ofCompiled, ofEager] = [1, 2].map(() => layer.createCache({ batch: 2, maxLength: 4 }));
  const next = compile((input: Tensor) => layer.forward(input, input, input, { cache: ofCompiled }).output);
  for (let at = 0; at < 4; at++) {
    const now = x.slice([null, { start: at, stop: at + 1 }]);
    expectClose(next(now), layer.forward(now, now, now, { cache: ofEager }).output);
  }
});
