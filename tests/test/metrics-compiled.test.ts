import { compile } from "@nn/compiler";
import { valueAndGrad } from "@nn/autograd";
import { Linear } from "@nn/layers";
import { crossEntropy } from "@nn/losses";
import { Accuracy, ConfusionMatrix, LogLoss, Mean, RocAuc, rocAucScore, WordErrorRate } from "@nn/metrics";
import { SGD } from "@nn/optim";
import { manualSeed, narrow, normal, tensor, type Tensor } from "@nn/tensor";
import { describe, expect, it } from "vitest";

describe("metrics in a compiled training step", () => {
  it("collect the loss and the accuracy, with the same numbers as eagerly", () => {
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

  it("keep all scores up to a capacity, and refuse more", () => {
    const auc = new RocAuc({ capacity: 7 });
    const update = compile((scores: Tensor, target: Tensor) => auc.update(scores, target));
    const [scores, target] = [tensor([0.1, 0.4, 0.35]), tensor([0, 0, 1], { dtype: "int32" })];
    update(scores, target);
    update(tensor([0.8, 0.3, 0.2]), target);
    const exact = rocAucScore(tensor([0.1, 0.4, 0.35, 0.8, 0.3, 0.2]), tensor([0, 0, 1, 0, 0, 1], { dtype: "int32" }));
    expect(auc.compute()).toBe(exact);
    expect(() => update(scores, target)).toThrow("RocAuc: there are more examples than the capacity of 7; give a larger one");
    expect(auc.compute()).toBe(exact);
  });

  it("refuse to be traced if they keep all examples without a capacity, or work on texts", () => {
    const [auc, errors] = [new RocAuc(), new WordErrorRate()];
    expect([auc.isCompilable, errors.isCompilable]).toEqual([false, false]);
    expect(() => compile((scores: Tensor, target: Tensor) => auc.update(scores, target))(tensor([0.1]), tensor([0], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[TraceError: RocAuc without a capacity: would change while compile() traces the function, which happens once and not at every call; change it outside, or in hostEffect()]`);
    expect(() => compile(() => errors.update(["a"], ["b"]))()).toThrowErrorMatchingInlineSnapshot(`[TraceError: WordErrorRate.update: would change while compile() traces the function, which happens once and not at every call; change it outside, or in hostEffect()]`);
    expect(() => compile((scores: Tensor, target: Tensor) => rocAucScore(scores, target))(tensor([0.1]), tensor([0], { dtype: "int32" }))).toThrowErrorMatchingInlineSnapshot(`[TraceError: toTypedArray: the value of a traced tensor is not known while compile() traces the function; return the tensor and read it outside]`);
  });

  it("refuse values that are not probabilities, and give NaN for NaN", () => {
    const [loss, confusion] = [new LogLoss(), new ConfusionMatrix({ classes: 2 })];
    const update = compile((chances: Tensor, target: Tensor) => {
      loss.update(chances, target);
      confusion.update(chances, target);
    });
    const target = tensor([1], { dtype: "int32" });
    expect(() => update(tensor([[2, -1]]), target)).toThrow("LogLoss: prediction has an element outside of 0 to 1");
    update(tensor([[0.25, 0.75]]), target);
    expect(confusion.compute()).toEqual([[0, 0], [0, 1]]);
    update(tensor([[NaN, NaN]]), target);
    expect(loss.compute()).toBeNaN();
    expect(confusion.compute()).toEqual([[NaN, NaN], [NaN, NaN]]);
  });
});
