import { compile } from "@nn/compiler";
import { Linear, ReLU, Sequential } from "@nn/layers";
import { huber } from "@nn/losses";
import { Adam } from "@nn/optim";
import { gather, max, tensor, type Tensor } from "@nn/tensor";
import { trainStep } from "@nn/train";
import { CartPole } from "../dqn/cart-pole.js";

const create = () =>
  new Sequential(new Linear(4, 64), new ReLU(), new Linear(64, 64), new ReLU(), new Linear(64, 2));
const [network, target] = [create(), create()];
const act = compile((state: Tensor) => network.forward(state).argMax(1));
const laterOf = compile((state: Tensor) => max(target.forward(state), 1));
const learn = trainStep(
  network,
  (values: Tensor, { action, wanted }: { readonly action: Tensor; readonly wanted: Tensor }) =>
    huber(gather(values, action, 1), wanted),
  new Adam(network.parameters(), { learningRate: 1e-3 }),
  { clipNorm: 10 },
);

const environment = new CartPole(Math.random);
type State = ReturnType<typeof environment.reset>;
const memory: { state: State; action: number; next: State; fell: boolean }[] = [];
let [state, length, longest] = [environment.reset(), 0, 0];
for (let step = 0; step < 8000; step++) {
  const explores = Math.random() < Math.max(0.05, 1 - step / 4000);
  const action = explores ? Math.floor(2 * Math.random()) : act(tensor([state])).item();
  const { state: next, fell, ended } = environment.step(action);
  memory.push({ state, action, next, fell });
  [state, length] = [next, length + 1];
  if (ended) [state, length, longest] = [environment.reset(), 0, Math.max(longest, length)];
  if (step % 200 === 0) target.loadStateDict(network.stateDict());
  if (memory.length < 500) continue;
  const chosen = Array.from({ length: 64 }, () => memory[Math.floor(Math.random() * memory.length)]);
  const batch = chosen.filter((each) => each !== undefined);
  const later = laterOf(tensor(batch.map((each) => each.next)));
  const isUp = tensor(batch.map((each) => Number(!each.fell)));
  const wanted = later.mul(isUp).mul(0.99).add(1).reshape([64, 1]);
  const actions = tensor(batch.map((each) => [each.action]), { dtype: "int32" });
  learn([tensor(batch.map((each) => each.state)), { action: actions, wanted }]);
}
console.log(`longest episode ${longest}`);
