import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { SGD } from "@nn/optim";
import { Generator, sigmoid, tensor, type Tensor } from "@nn/tensor";
import { gates, inputsOfGates, outputsOf, type Gate } from "./gates.js";
import type { Task } from "./task.js";

export interface TwoLayersSettings {
  readonly gate: Gate;
  readonly layers: 1 | 2;
  readonly seed: number;
  readonly learningRate: number;
}

/** Points in the plane of the two hidden units. */
type Points = readonly (readonly [x: number, y: number])[];

export interface TwoLayersView {
  readonly steps: number;
  readonly loss: number;
  /** Which of the four examples are answered right. */
  readonly right: readonly boolean[];
  /** The answer, from 0 to 1, at the points of a square grid over the plane: from the bottom up and from left to right. */
  readonly answers: readonly number[];
  /** Where the hidden layer moves the four examples, and a mesh of the plane; `undefined` without a hidden layer. */
  readonly hidden: { readonly corners: Points; readonly mesh: Points; readonly output: readonly [bias: number, first: number, second: number] } | undefined;
}

/** The part of the plane that figures show, along both axes. */
export const range = [-0.5, 1.5] as const;

/** Points of the grid of answers along one axis, and lines of the mesh. */
export const gridSide = 40;
export const meshSide = 13;

const enough = 1500;

/** A square grid over the plane, `[side², 2]`, row by row from below. */
function grid(side: number): Tensor {
  const at = (index: number): number => range[0] + ((range[1] - range[0]) * index) / (side - 1);
  return tensor(Array.from({ length: side * side }, (_, index) => [at(index % side), at(Math.floor(index / side))]));
}

/** A network with one layer, or with two hidden units between two layers. */
function networkOf({ layers, seed }: TwoLayersSettings): { readonly model: TensorModule; readonly parts: { readonly hidden: Linear; readonly output: Linear } | undefined } {
  const generator = new Generator(seed);
  if (layers === 1) return { model: new Linear(2, 1, { generator }), parts: undefined };
  const [hidden, output] = [new Linear(2, 2, { generator }), new Linear(2, 1, { generator })];
  return { model: new Sequential(hidden, new Tanh(), output), parts: { hidden, output } };
}

/** The bias and the two weights of the output. */
function lineOf({ bias, weight }: Linear): readonly [bias: number, first: number, second: number] {
  const [first = NaN, second = NaN] = weight.value.reshape([2]).toArray() as number[];
  return [bias?.value.item() ?? 0, first, second];
}

/** Learns a gate by gradient descent with momentum on all four examples; cross-entropy, compiled. */
export function twoLayers(settings: TwoLayersSettings): Task<TwoLayersView> {
  const { model, parts } = networkOf(settings);
  const parameters = model.parameters();
  const optimizer = new SGD(parameters, { learningRate: settings.learningRate, momentum: 0.9 });
  const [x, y] = [inputsOfGates(), outputsOf(settings.gate)];
  const learn = compile((inputs: Tensor, outputs: Tensor) => {
    const { value, gradients } = valueAndGrad(() => binaryCrossEntropyWithLogits(model.forward(inputs), outputs), parameters);
    optimizer.step(gradients);
    return value;
  });
  const [everywhere, mesh] = [grid(gridSide), grid(meshSide)];
  const answer = compile((inputs: Tensor) => sigmoid(model.forward(inputs)).reshape([-1]));
  const moved = compile((inputs: Tensor) => (parts === undefined ? inputs : parts.hidden.forward(inputs).tanh()));
  let steps = 0;
  const lossNow = (): number => binaryCrossEntropyWithLogits(model.forward(x), y).item();
  const isRight = (): boolean[] => (answer(x).toArray() as number[]).map((each, at) => Number(each > 0.5) === gates[settings.gate][at]);
  return {
    step() {
      learn(x, y);
      steps += 1;
    },
    view: () => ({
      steps, loss: lossNow(), right: isRight(), answers: answer(everywhere).toArray() as number[],
      hidden: parts === undefined ? undefined : {
        corners: moved(x).toArray() as [number, number][], mesh: moved(mesh).toArray() as [number, number][],
        output: lineOf(parts.output),
      },
    }),
    isDone: () => steps >= enough || lossNow() < 0.01,
  };
}
