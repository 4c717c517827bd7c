import { valueAndGrad } from "@nn/autograd";
import { compile } from "@nn/compiler";
import { DataLoader, moons } from "@nn/data";
import { LeakyReLU, Linear, Module, ReLU, Sequential } from "@nn/layers";
import { binaryCrossEntropyWithLogits } from "@nn/losses";
import { Adam } from "@nn/optim";
import { full, normal, type Tensor } from "@nn/tensor";
import { fit, type Pair } from "@nn/train";
import { progressBar } from "@nn/train/node";

class Gan extends Module {
  readonly generator = new Sequential(new Linear(8, 64), new ReLU(), new Linear(64, 2));
  readonly critic = new Sequential(new Linear(2, 64), new LeakyReLU(0.2), new Linear(64, 1));
  override forward(count: number): Tensor {
    return this.generator.forward(normal([count, 8]));
  }
}

const model = new Gan();
const generatorOptimizer = new Adam(model.generator.parameters(), { learningRate: 1e-3 });
const criticOptimizer = new Adam(model.critic.parameters(), { learningRate: 2e-3 });
const judge = (points: Tensor, isReal: 0 | 1) =>
  binaryCrossEntropyWithLogits(model.critic.forward(points), full([64, 1], isReal));
const step = compile(([real]: Pair<Tensor, Tensor>) => {
  const critic = valueAndGrad(
    () => judge(real, 1).add(judge(model.forward(64), 0)),
    criticOptimizer.parameters,
  );
  criticOptimizer.step(critic.gradients);
  const generator = valueAndGrad(() => judge(model.forward(64), 1), generatorOptimizer.parameters);
  generatorOptimizer.step(generator.gradients);
  return { critic: critic.value, generator: generator.value };
});
const { history } = await fit({
  model,
  optimizer: generatorOptimizer,
  state: { criticOptimizer },
  step,
  batches: new DataLoader(moons({ count: 4096, noise: 0.05 }), { batchSize: 64, shuffle: true }),
  epochs: 20,
  plugins: [progressBar()],
});
console.log(`loss ${history.at(-1)?.values.training.generator}, points ${model.forward(10).shape}`);
