import { expect, it } from "vitest";
import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Dropout, Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, cosineDecay } from "@nn/optim";
import { manualSeed, normal, randomIntegers, UsageError, type Tensor } from "@nn/tensor";

const [steps, batch] = [6, 4];

/** A training step of a small network, with dropout and a schedule. */
function makeStep(): (x: Tensor, y: Tensor) => Tensor {
  manualSeed(5);
  const model = new Sequential(new Linear(4, 8), new ReLU(), new Dropout(0.2), new Linear(8, 3));
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate: cosineDecay(0.1, { steps: 20 }) });
  return (x, y) => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  };
}

it("training with several steps in a call gives the losses of one step in a call, and of eager execution", () => {
  manualSeed(1);
  const x = normal([steps, batch, 4]);
  const y = randomIntegers([steps, batch], { low: 0, high: 3 });
  const eachIn = (step: (x: Tensor, y: Tensor) => Tensor): number[] => Array.from({ length: steps }, (_, at) => step(x.select(0, at), y.select(0, at)).item());
  const eager = eachIn(makeStep());
  const single = eachIn(compile(makeStep()));
  const several = compile(makeStep(), { steps })(x, y).toArray();
  expect(several).toEqual(single);
  single.forEach((loss, at) => expect(loss).toBeCloseTo(eager[at] ?? NaN, 5));
});

it("a function with several steps in a call is refused in a gradient", () => {
  const [weight] = new Linear(2, 2).parameters();
  if (weight === undefined) throw new RangeError("a layer has weights");
  const doubled = compile((x: Tensor) => x.mul(2), { steps: 2 });
  expect(() => valueAndGrad(() => doubled(weight.value).sum(), [weight])).toThrow(UsageError);
});
