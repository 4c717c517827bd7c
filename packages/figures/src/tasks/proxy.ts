import { valueAndGrad } from "@nn/autograd";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { SGD } from "@nn/optim";
import { expand, linspace, mean, notEqual, tensor, Variable, type Tensor } from "@nn/tensor";
import type { Task } from "./task.js";

/** An example on a line, and its class. */
export interface LabelledNumber {
  readonly x: number;
  readonly label: 0 | 1;
}

/** The part of the line that figures show. */
export const range = [-5, 5] as const;

/** What is made small: cross-entropy, or the share of errors, which is what is wanted. */
export const goals = ["crossEntropy", "errors"] as const;
export type Goal = (typeof goals)[number];

export interface ProxySettings {
  readonly examples: readonly LabelledNumber[];
  readonly goal: Goal;
  /** Where the border begins. */
  readonly border: number;
}

export interface ProxyView {
  readonly steps: number;
  readonly border: number;
  readonly values: Readonly<Record<Goal, number>>;
  /** The slope of what is made small. */
  readonly slope: number;
}

const zeros = [-4.1, -2.7, -2.1, -1.5, -0.9, -0.3];
const ones = [0.4, 1.2, 1.9, 2.7, 3.5];
const outliers = [-4.7, -3.4];

/** Examples that a border at 0 divides, and up to two of class 1 far on the other side. */
export function examplesWith(wrong: number): readonly LabelledNumber[] {
  return [...zeros.map((x) => ({ x, label: 0 as const })), ...[...ones, ...outliers.slice(0, wrong)].map((x) => ({ x, label: 1 as const }))];
}

/** How fast the answer turns from 0 to 1 at the border. */
const steepness = 2;
const [learningRate, lastStep, flat] = [0.5, 200, 1e-3];

/** Cross-entropy and share of errors for borders `[borders]`, as functions of them. */
function goalsOf(examples: readonly LabelledNumber[]): Readonly<Record<Goal, (borders: Tensor) => Tensor>> {
  const x = tensor(examples.map((example) => example.x), { dtype: "float64" });
  const labels = tensor(examples.map(({ label }) => label), { dtype: "float64" });
  const logits = (borders: Tensor): Tensor => x.sub(borders.reshape([-1, 1])).mul(steepness);
  return {
    crossEntropy: (borders) => mean(binaryCrossEntropyWithLogits(logits(borders), expand(labels, [borders.size, examples.length]), { reduction: "none" }), 1),
    errors: (borders) => mean(notEqual(logits(borders).greater(0).cast("float64"), labels).cast("float64"), 1),
  };
}

/** A border moves down the slope of what is made small. The slope of the share of errors is 0 everywhere. */
export function proxy({ examples, goal, border }: ProxySettings): Task<ProxyView> {
  const values = goalsOf(examples);
  const place = new Variable(tensor([border], { dtype: "float64" }));
  const optimizer = new SGD([place], { learningRate });
  const differentiated = () => valueAndGrad(() => values[goal](place.value).sum(), [place], { strict: false }).gradients;
  let steps = 0;
  let slope = differentiated()[0].item();
  return {
    step() {
      optimizer.step(differentiated());
      slope = differentiated()[0].item();
      steps += 1;
    },
    view: () => ({ steps, border: place.value.item(), slope, values: { crossEntropy: values.crossEntropy(place.value).item(), errors: values.errors(place.value).item() } }),
    isDone: () => steps >= lastStep || (steps > 0 && Math.abs(slope) < flat),
  };
}

/** A goal at borders from left to right. */
export function goalCurve(examples: readonly LabelledNumber[], goal: Goal, points = 401): readonly (readonly [border: number, value: number])[] {
  const borders = linspace(...range, points, { dtype: "float64" });
  const values = goalsOf(examples)[goal](borders).toArray() as number[];
  return (borders.toArray() as number[]).map((border, at) => [border, values[at] ?? NaN]);
}
