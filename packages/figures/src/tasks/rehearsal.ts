import type { Module } from "@nn/layers";
import type { Optimizer } from "@nn/optim";
import type { Generator } from "@nn/tensor";

/** What a training step changes. */
interface Trained {
  readonly model: Module;
  readonly optimizer: Optimizer;
  readonly generator?: Generator;
}

/** Takes a training step, and takes it back. Its compiled program remains. */
export function rehearse({ model, optimizer, generator }: Trained, step: () => unknown): void {
  const [weights, rest, random] = [model.stateDict(), optimizer.stateDict(), generator?.stateDict()];
  step();
  model.loadStateDict(weights);
  optimizer.loadStateDict(rest);
  if (random !== undefined) generator?.loadStateDict(random);
}
