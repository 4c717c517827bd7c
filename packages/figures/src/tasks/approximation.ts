import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear, Sequential, Tanh, type TensorModule } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam } from "@nn/optim";
import { Generator, linspace, sin, tensor, transpose, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** Functions that can be chosen. */
const functions = {
  wave: (x) => sin(x.mul(2)),
  jumps: (x) => x.greater(-1).cast("float32").mul(1.6).sub(x.greater(1).cast("float32").mul(1.1)).sub(0.8),
  ripples: (x) => sin(x.square().mul(1.3)),
} as const satisfies Readonly<Record<string, (x: Tensor) => Tensor>>;

export type FunctionName = keyof typeof functions;
export const functionNames = ["wave", "jumps", "ripples"] as const;

/** The part of the plane that figures show. */
export const range = { x: [-3, 3], y: [-1.3, 1.3] } as const;

/** A function is known at this many evenly spaced points: the examples. */
export const examples = 61;
/** The curve of a network is drawn through this many points. */
const curvePoints = 181;

/** The neurons of one wide layer, and of each of three layers of a deep network with equally many parameters: `3 n + 1 = 2 m² + 5 m + 1`. */
export const sizes = [{ neurons: 6, each: 2 }, { neurons: 11, each: 3 }, { neurons: 25, each: 5 }, { neurons: 56, each: 8 }] as const;
export type Size = (typeof sizes)[number];

export interface ApproximationSettings {
  /** The value of the function at each example, from left to right. */
  readonly target: readonly number[];
  readonly size: Size;
  /** Whether a deep network learns the function too. */
  readonly deep: boolean;
  readonly seed: number;
}

/** A network after a step. */
export interface FitView {
  readonly parameters: number;
  readonly loss: number;
  /** Its values at evenly spaced points, from left to right. */
  readonly curve: readonly number[];
}

export interface ApproximationView {
  readonly steps: number;
  readonly wide: FitView;
  readonly deep: FitView | undefined;
  /** What each neuron of the wide layer adds to the output, at the points of the curve. */
  readonly neurons: readonly (readonly number[])[];
  /** The bias of the output. */
  readonly bias: number;
}

const [learningRate, mostSteps, enough] = [0.01, 5000, 1e-4];

const inputs = (points: number): Tensor => linspace(...range.x, points).reshape([points, 1]);

/** The values of a function at the examples. */
export function valuesOf(name: FunctionName): readonly number[] {
  return functions[name](inputs(examples)).reshape([examples]).toArray() as number[];
}

interface Fit {
  step(): void;
  loss(): number;
  view(): FitView;
}

/** A network that learns the examples by Adam; mean squared error, compiled. */
function fitOf(model: TensorModule, target: readonly number[]): Fit {
  const parameters = model.parameters();
  const optimizer = new Adam(parameters, { learningRate });
  const [x, y, everywhere] = [inputs(examples), tensor(target.map((value) => [value])), inputs(curvePoints)];
  const learn = compile((input: Tensor, output: Tensor) => {
    const { value, gradients } = valueAndGrad(() => mse(model.forward(input), output), parameters);
    optimizer.step(gradients);
    return value;
  });
  const answer = compile((input: Tensor) => model.forward(input).reshape([-1]));
  const measure = compile((input: Tensor, output: Tensor) => mse(model.forward(input), output));
  const loss = (): number => measure(x, y).item();
  return {
    step: () => void learn(x, y),
    loss,
    view: () => ({ parameters: parameters.reduce((sum, { value }) => sum + value.size, 0), loss: loss(), curve: answer(everywhere).toArray() as number[] }),
  };
}

/** Learns a function by one wide layer, and by a deep network beside it. */
export function approximation({ target, size, deep, seed }: ApproximationSettings): Task<ApproximationView> {
  const generator = new Generator(seed);
  const linear = (from: number, to: number): Linear => new Linear(from, to, { generator });
  const [hidden, output] = [linear(1, size.neurons), linear(size.neurons, 1)];
  const wide = fitOf(new Sequential(hidden, new Tanh(), output), target);
  const layers = [linear(1, size.each), linear(size.each, size.each), linear(size.each, size.each)];
  const other = deep ? fitOf(new Sequential(...layers.flatMap((layer): TensorModule[] => [layer, new Tanh()]), linear(size.each, 1)), target) : undefined;
  const everywhere = inputs(curvePoints);
  /** `v_j tanh(w_j x + b_j)` for each neuron j, `[neurons, points]`. */
  const added = compile((x: Tensor) => transpose(hidden.forward(x).tanh().mul(output.weight.value)));
  let steps = 0;
  return {
    step() {
      wide.step();
      other?.step();
      steps += 1;
    },
    view: () => ({ steps, wide: wide.view(), deep: other?.view(), neurons: added(everywhere).toArray() as number[][], bias: output.bias?.value.item() ?? 0 }),
    isDone: () => steps >= mostSteps || Math.max(wide.loss(), other?.loss() ?? 0) < enough,
  };
}
