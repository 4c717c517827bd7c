import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { BatchNorm1d, Dropout, Linear, ReLU, Sequential } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Adam, clipByGlobalNorm, linearWarmup, SGD, type LearningRate } from "@nn/optim";
import { Generator, gradientsOf, normal, ones, randomIntegers, sum, tensor, Variable, type Tensor } from "@nn/tensor";
import { describe, expect, test } from "vitest";

/** Runs a function eagerly or compiled. The tests below must give the same results for both. */
type Run = <Args extends Tensor[]>(fn: (...inputs: Args) => Tensor) => (...inputs: Args) => Tensor;
const ways: readonly (readonly [string, Run])[] = [["eager", (fn) => fn], ["compiled", (fn) => compile(fn)]];

function build(learningRate: LearningRate) {
  const generator = new Generator(4);
  const model = new Sequential(
    // Without bias, which batch normalisation cancels: its true gradient is zero, and Adam would amplify the rounding.
    new Linear(6, 8, { generator, bias: false }), new BatchNorm1d(8), new ReLU(), new Dropout(0.25, { generator: new Generator(9) }), new Linear(8, 3, { generator }),
  );
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });
  const step = (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => crossEntropy(model.forward(x), y), parameters);
    optimizer.step(clipByGlobalNorm(gradients, 1).gradients);
    return value;
  };
  return { model, optimizer, step };
}

const generator = new Generator(1);
const x = normal([16, 6], { generator });
const y = randomIntegers([16], { low: 0, high: 3, generator });

test("a compiled training step gives the results of an eager one", () => {
  const runs = ways.map(([, run]) => {
    const { model, optimizer, step } = build(linearWarmup(0.05, { steps: 4 }));
    const compiled = run(step);
    const losses = Array.from({ length: 8 }, () => compiled(x, y).item());
    return { losses, state: model.stateDict(), optimizer: optimizer.stateDict() };
  });
  const [eager, compiled] = runs as [(typeof runs)[0], (typeof runs)[0]];
  compiled.losses.forEach((loss, at) => expect(loss).toBeCloseTo(eager.losses[at] as number, 4));
  for (const [name, value] of Object.entries(eager.state)) {
    const difference = compiled.state[name]?.sub(value).cast("float32").abs().max().item();
    expect([name, difference ?? Infinity]).toEqual([name, expect.closeTo(0, 3)]);
  }
  expect({ ...compiled.optimizer, tensors: {} }).toEqual({ ...eager.optimizer, tensors: {} });
});

describe.each(ways)("%s", (_, run) => {
  const gradient = tensor([1]);

  test("the learning rate may change between calls, and schedules continue", () => {
    const weight = new Variable(tensor([0]));
    const optimizer = new SGD([weight], { learningRate: 1 });
    const step = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      return weight.value;
    });
    expect(step(gradient).toArray()).toEqual([-1]);
    optimizer.learningRate = 10;
    expect(step(gradient).toArray()).toEqual([-11]);
    optimizer.learningRate = (at) => at * 100;
    expect(step(gradient).toArray()).toEqual([-211]);
    expect(step(gradient).toArray()).toEqual([-511]);
  });

  test("each parameter's updates are counted, once for each execution", () => {
    const [often, seldom] = [new Variable(tensor([0])), new Variable(tensor([0]))];
    const optimizer = new Adam([often, seldom], { learningRate: 1 });
    const both = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope, slope]));
      return sum(often.value);
    });
    const one = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope, undefined]));
      return sum(often.value);
    });
    for (const step of [one, one, both, one, both]) step(gradient);
    expect(optimizer.steps).toBe(5);
    expect(optimizer.stateDict().updates).toEqual([5, 2]);
    // With a constant gradient, every update of Adam moves by the learning rate if its count is right.
    expect(often.value.item()).toBeCloseTo(-5, 4);
    expect(seldom.value.item()).toBeCloseTo(-2, 4);
  });

  test("two steps in one program have their own counts", () => {
    const weight = new Variable(tensor([0]));
    const optimizer = new SGD([weight], { learningRate: (at) => 10 ** at });
    const twice = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      return weight.value;
    });
    expect(twice(gradient).toArray()).toEqual([-11]);
    expect(twice(gradient).toArray()).toEqual([-1111]);
  });

  test("training continues from a state dictionary that is loaded between calls", () => {
    const weight = new Variable(tensor([0]));
    const optimizer = new SGD([weight], { learningRate: (at) => at, momentum: 0.5 });
    const step = run((slope: Tensor) => {
      optimizer.step(gradientsOf(optimizer.parameters, [slope]));
      return weight.value;
    });
    step(gradient);
    const saved = { weight: weight.value, optimizer: optimizer.stateDict() };
    const after = step(gradient).toArray();
    step(gradient);
    weight.value = saved.weight;
    optimizer.loadStateDict(saved.optimizer);
    expect(step(gradient).toArray()).toEqual(after);
  });

  test("modes may be changed between calls", () => {
    const model = new Sequential(new Dropout(0.5), new BatchNorm1d(2, { affine: false, epsilon: 0 }));
    const forward = run((input: Tensor) => model.forward(input));
    const input = tensor([[1, 2], [3, 6]]);
    model.layers[0].eval();
    expect(forward(input).toArray()).toEqual([[-1, -1], [1, 1]]);
    model.eval();
    const evaluated = forward(input).toArray();
    expect(evaluated).not.toEqual([[-1, -1], [1, 1]]);
    model.layers[1].train();
    expect(forward(input).toArray()).toEqual([[-1, -1], [1, 1]]);
    expect(model.layers[1].numBatchesTracked?.value.item()).toBe(2);
  });

  test("dropout draws new numbers in each call, and the same ones for the same seed", () => {
    const draws = [1, 2].map(() => {
      const layer = new Dropout(0.5, { generator: new Generator(3) });
      const forward = run((input: Tensor) => layer.forward(input));
      return [forward(ones([32])).toArray(), forward(ones([32])).toArray()];
    });
    expect(draws[0]).toEqual(draws[1]);
    expect(draws[0]?.[0]).not.toEqual(draws[0]?.[1]);
  });
});
