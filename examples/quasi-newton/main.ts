import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { Linear } from "@nn/layers";
import { mse } from "@nn/losses";
import { Adam, LBFGS } from "@nn/optim";
import { Generator, linspace, normal, type Gradients, type Tensor, type Variable } from "@nn/tensor";
import { chart } from "../support/chart.js";
import { savePicture } from "../support/output.js";

/** The loss at which a run ends, and the maximum number of steps. */
const [goal, limit] = [1e-8, 2000];

/** A least-squares problem whose features have very different sizes: the direction of steepest descent is far from the direction to the minimum. */
function problem() {
  const generator = new Generator(4);
  const x = normal([200, 10], { generator, dtype: "float64" }).mul(linspace(0.1, 3, 10, { dtype: "float64" }));
  const y = x.matmul(normal([10, 1], { generator, dtype: "float64" }));
  return { x, y };
}

/** The loss and its gradients at the current parameters. */
type Evaluate = () => { readonly value: Tensor; readonly gradients: Gradients };

/** Each optimizer as a step that returns the loss before it. A step of LBFGS evaluates the loss several times, so LBFGS receives the function. */
export const optimizers = {
  Adam: (parameters: readonly Variable[], evaluate: Evaluate) => {
    const optimizer = new Adam(parameters, { learningRate: 0.05 });
    return (): Tensor => {
      const { value, gradients } = evaluate();
      optimizer.step(gradients);
      return value;
    };
  },
  LBFGS: (parameters: readonly Variable[], evaluate: Evaluate) => {
    const optimizer = new LBFGS(parameters, { lineSearch: "strongWolfe", maxIterations: 5 });
    return (): Tensor => optimizer.step(evaluate).value;
  },
};

/** The steps of a run and the losses of all its evaluations, in order. */
export interface Run {
  readonly steps: number;
  readonly losses: readonly number[];
}

/** Minimises until the loss is below the goal; `steps` is `Infinity` if it never is. */
export function minimize(create: (parameters: readonly Variable[], evaluate: Evaluate) => () => Tensor): Run {
  const { x, y } = problem();
  const model = new Linear(10, 1, { bias: false, dtype: "float64", generator: new Generator(5) });
  const parameters = model.parameters();
  const losses: number[] = [];
  const compiled = compile(() => valueAndGrad(() => mse(model.forward(x), y), parameters));
  const step = create(parameters, () => {
    const evaluation = compiled();
    losses.push(evaluation.value.item());
    return evaluation;
  });
  for (let steps = 1; steps <= limit; steps++) if (step().item() < goal) return { steps, losses };
  return { steps: Infinity, losses };
}

export function main(): void {
  console.log(`Two optimizers solve one least-squares problem, until the loss is below ${goal}.\n`);
  console.log("optimizer  steps  evaluations of the loss");
  const runs = Object.entries(optimizers).map(([name, create]) => ({ name, ...minimize(create) }));
  for (const { name, steps, losses } of runs) console.log(`${name.padEnd(9)}  ${String(steps).padStart(5)}  ${String(losses.length).padStart(23)}`);
  savePicture("quasi-newton.svg", chart(
    runs.map(({ name, losses }) => ({ name, points: losses.map((loss, at) => [at + 1, Math.max(loss, goal / 10)] as const) })),
    { title: "Gradients, or gradients and curvature", xLabel: "evaluations of the loss", yLabel: "loss", logarithmic: true },
  ));
}
