import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { xor } from "@nn/data";
import { Linear, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { SGD } from "@nn/optim";
import { Generator, sigmoid, square, stack, sum, tensor, Variable, zeros, type Tensor } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";
import { planePoints } from "../support/plane.js";
import { sideBySide } from "../support/svg.js";

/** The four inputs of a gate with two inputs, `[4, 2]`. */
export const [inputs] = xor().tensors;

/** The output of each gate for the four inputs, `[4, 1]`. */
export const gates = {
  AND: tensor([[0], [0], [0], [1]]),
  OR: tensor([[0], [1], [1], [1]]),
  NAND: tensor([[1], [1], [1], [0]]),
  XOR: tensor([[0], [1], [1], [0]]),
};

/**
 * The perceptron's learning rule (Rosenblatt 1958), `w ← w + (y − ŷ) x` with `x = (1, x1, x2)`, applied until all four inputs are classified correctly. Returns
 * the number of rounds; `Infinity` if a hundred are not enough.
 */
export function perceptronRounds(outputs: Tensor): number {
  const weight = new Variable(zeros([3]));
  const learn = compile((x: Tensor, y: Tensor) => {
    const error = y.sub(sum(weight.value.mul(x)).greater(0).cast("float32"));
    weight.value = weight.value.add(x.mul(error));
    return square(error).sum();
  });
  const rows = inputs.toArray() as number[][];
  for (let round = 1; round <= 100; round++) {
    const errors = rows.map((row, index) => learn(tensor([1, ...row]), outputs.slice([index])).item());
    if (errors.every((error) => error === 0)) return round;
  }
  return Infinity;
}

/** Logistic regression: one layer. */
export const oneLayer = (): Linear => new Linear(2, 1, { generator: new Generator(3) });

/** A multi-layer perceptron with four hidden units. */
export function twoLayers() {
  const generator = new Generator(3);
  return new Sequential(new Linear(2, 4, { generator }), new Tanh(), new Linear(4, 1, { generator }));
}

/** One step of gradient descent on all four inputs. It returns the loss. */
export function createStep(model: TensorModule) {
  const parameters = model.parameters();
  const optimizer = new SGD(parameters, { learningRate: 0.5, momentum: 0.9 });
  return (x: Tensor, y: Tensor): Tensor => {
    const { value, gradients } = valueAndGrad(() => binaryCrossEntropyWithLogits(model.forward(x), y), parameters);
    optimizer.step(gradients);
    return value;
  };
}

/** Trains a model on a gate, and returns the last loss. */
export function train(model: TensorModule, outputs: Tensor, steps = 200): number {
  const step = compile(createStep(model));
  let loss = NaN;
  for (let turn = 0; turn < steps; turn++) loss = step(inputs, outputs).item();
  return loss;
}

/** The number of inputs, out of four, that a model classifies correctly. */
export function countCorrect(model: TensorModule, outputs: Tensor): number {
  return model.forward(inputs).greater(0).equal(outputs.greater(0.5)).cast("int32").sum().item();
}

/** The output of a model over the plane, and the four inputs. */
function decision(title: string, model: TensorModule, gate: keyof typeof gates): string {
  const [range, side] = [[-0.5, 1.5], 48] as const;
  const one = sigmoid(model.forward(planePoints({ x: range, y: range, side })).reshape([side, side]));
  const rows = inputs.toArray() as [number, number][];
  const outputs = gates[gate].toArray() as [number][];
  return chart([0, 1].map((output) => ({ name: `${gate} is ${output}`, points: rows.filter((_, index) => outputs[index]?.[0] === output), as: "points", radius: 8 })), {
    title, xLabel: "first input", yLabel: "second input", square: true,
    regions: { probabilities: stack([one.neg().add(1), one], 2), x: range, y: range },
  });
}

export function main(): void {
  console.log("Gates with two inputs, learned from their four cases.\n");
  console.log("gate  rounds of the perceptron  one layer  two layers");
  for (const [name, outputs] of Object.entries(gates)) {
    const [single, double] = [oneLayer(), twoLayers()];
    train(single, outputs);
    train(double, outputs);
    const rounds = perceptronRounds(outputs);
    console.log(`${name.padEnd(4)}  ${(Number.isFinite(rounds) ? String(rounds) : "does not end").padStart(24)}  ${countCorrect(single, outputs)} of 4     ${countCorrect(double, outputs)} of 4`);
  }
  const panel = (title: string, model: TensorModule, gate: keyof typeof gates): string => {
    train(model, gates[gate]);
    return decision(title, model, gate);
  };
  savePicture("xor.svg", sideBySide([panel("OR, one layer", oneLayer(), "OR"), panel("XOR, one layer", oneLayer(), "XOR"), panel("XOR, two layers", twoLayers(), "XOR")]));
}
