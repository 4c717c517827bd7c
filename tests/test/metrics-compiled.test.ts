import { compile } from "@nn/compiler";
import { valueAndGrad } from "@nn/autograd";
import { Linear } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy, Mean } from "@nn/metrics";
import { SGD } from "@nn/optim";
import { manualSeed, narrow, normal, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";

describe("metrics in a compiled training step", () => {
  it("gather the loss and the accuracy, with the same numbers as eagerly", () => {
    manualSeed(3);
    const x = normal([7, 4]);
    const y = tensor([0, 1, 2, 0, 1, 2, 2], { dtype: "int32" });
    const [model, loss, accuracy] = [new Linear(4, 3), new Mean(), new Accuracy()];
    const [eagerLoss, eagerAccuracy] = [new Mean(), new Accuracy()];
    const parameters = model.parameters();
    const optimizer = new SGD(parameters, { learningRate: 0.1 });
    const step = compile((x: Tensor, y: Tensor) => {
      const { value, gradients } = valueAndGrad(() => {
        const logits = model.forward(x);
        accuracy.update(logits, y);
        return crossEntropy(logits, y);
      }, parameters);
      loss.update(value, x.shape[0]);
      optimizer.step(gradients);
      return value;
    });
    for (const [from, to] of [[0, 4], [4, 7], [2, 4]] as const) {
      const [inputs, targets] = [narrow(x, 0, from, to - from), narrow(y, 0, from, to - from)];
      eagerAccuracy.update(model.forward(inputs), targets);
      eagerLoss.update(step(inputs, targets), to - from);
    }
    expect(accuracy.compute()).toBe(eagerAccuracy.compute());
    expect(loss.compute()).toBe(eagerLoss.compute());
    expect(loss.compute()).toBeGreaterThan(0);
  });

  it("refuse a class that does not exist, and change nothing", () => {
    const accuracy = new Accuracy();
    const update = compile((scores: Tensor, target: Tensor) => accuracy.update(scores, target));
    const scores = tensor([[0, 1], [1, 0]]);
    update(scores, tensor([1, 0], { dtype: "int32" }));
    expect(() => update(scores, tensor([1, 2], { dtype: "int32" }))).toThrow("Accuracy: target has a class outside of 0 to 1");
    expect(() => update(scores, tensor([-1, 1], { dtype: "int32" }))).toThrow("Accuracy: target has a class outside of 0 to 1");
    expect(accuracy.compute()).toBe(1);
    accuracy.reset();
    expect(accuracy.compute()).toBeNaN();
    update(scores, tensor([1, 1], { dtype: "int32" }));
    expect(accuracy.compute()).toBe(0.5);
  });
});
