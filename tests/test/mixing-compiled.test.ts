import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { cutmix, mixup } from "@nn/data";
import { Conv2d, Flatten, Linear, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Generator, normal, take, tensor, type Tensor } from "@nn/tensor";
import { expect, test } from "vitest";

const labels = tensor([0, 1, 2, 1, 0, 2], { dtype: "int32" });
const images = normal([6, 1, 5, 5], { generator: new Generator(1) });

test.each([mixup, cutmix])("%o draws the same numbers in a compiled function, new ones at each call", (mix) => {
  const run = (generator: Generator) => (x: Tensor, y: Tensor) => mix(x, y, { alpha: 0.8, classes: 3, generator });
  const [eager, compiled] = [run(new Generator(4)), compile(run(new Generator(4)))];
  const seen = new Set<number>();
  for (let turn = 0; turn < 6; turn++) {
    const [a, b] = [eager(images, labels), compiled(images, labels)];
    expect(b.partners.toArray()).toEqual(a.partners.toArray());
    expect(b.lambda.item()).toBeCloseTo(a.lambda.item(), 6);
    const [x, y] = [a.inputs.toTypedArray(), b.inputs.toTypedArray()];
    for (let at = 0; at < x.length; at++) expect(y[at]).toBeCloseTo(x[at] ?? 0, 5);
    const [s, t] = [a.targets.toTypedArray(), b.targets.toTypedArray()];
    for (let at = 0; at < s.length; at++) expect(t[at]).toBeCloseTo(s[at] ?? 0, 5);
    seen.add(a.lambda.item());
  }
  expect(seen.size).toBeGreaterThan(2);
});

test("the mixed targets are those of the loss of pairs", () => {
  const model = new Sequential(new Conv2d(1, 2, 3), new Flatten(), new Linear(18, 3));
  const generator = new Generator(7);
  const step = compile((x: Tensor, y: Tensor) => {
    const { inputs, targets, partners, lambda } = mixup(x, y, { alpha: 1, classes: 3, generator });
    const logits = model.forward(inputs);
    const pairs = lambda.mul(crossEntropy(logits, y)).add(lambda.neg().add(1).mul(crossEntropy(logits, take(y, partners))));
    return { soft: valueAndGrad(() => crossEntropy(model.forward(inputs), targets), model.parameters()).value, pairs };
  });
  const { soft, pairs } = step(images, labels);
  expect(soft.item()).toBeCloseTo(pairs.item(), 5);
});
