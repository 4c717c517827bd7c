import type { ActivationStatistics, ParameterStatistics } from "./layer-statistics.js";

/** From this fraction of units on, a module with dead or saturated units is worth a finding. */
const manyUnits = 0.4;

/** A gradient that is so many times smaller at the input than at the output vanishes. */
const vanishing = 1e-3;

/** Updates in relation to weights that are worth a finding; around 1e-3 is usual. */
const largeUpdate = 0.1;
const smallUpdate = 1e-6;

/** What is remarkable, in words. */
export function findingsOf(activations: readonly ActivationStatistics[], parameters: readonly ParameterStatistics[]): readonly string[] {
  return [...activations.flatMap(ofActivation), ...ofGradients(parameters), ...parameters.flatMap(ofUpdate)];
}

function ofActivation({ module, kind, distribution, dead, saturated }: ActivationStatistics): readonly string[] {
  const name = module === "" ? kind : `${module} (${kind})`;
  return [
    ...(Number.isFinite(distribution.norm) ? [] : [`${name}: the output is not finite`]),
    ...(dead >= manyUnits ? [`${name}: ${percent(dead)} of the units are dead, 0 for every example`] : []),
    ...(saturated >= manyUnits ? [`${name}: ${percent(saturated)} of the outputs are saturated, where the slope is almost 0`] : []),
  ];
}

function ofGradients(parameters: readonly ParameterStatistics[]): readonly string[] {
  const broken = parameters.filter(({ gradient }) => !Number.isFinite(gradient.norm)).map(({ name }) => `the gradient of ${name} is not finite`);
  if (broken.length > 0) return broken;
  const without = parameters.filter(({ gradient }) => gradient.norm === 0).map(({ name }) => name);
  // Biases and scales have fewer numbers: the norms of matrices are compared with one another.
  const weights = parameters.filter(({ isMatrix, gradient }) => isMatrix && gradient.norm > 0);
  const [first, last] = [weights[0], weights.at(-1)];
  const direction: string[] = [];
  if (first !== undefined && last !== undefined && first !== last) {
    const ratio = first.gradient.norm / last.gradient.norm;
    const norms = `${short(last.gradient.norm)} at ${last.name}, ${short(first.gradient.norm)} at ${first.name}`;
    if (ratio < vanishing) direction.push(`gradients vanish towards the input: their norm is ${norms}`);
    if (ratio > 1 / vanishing) direction.push(`gradients explode towards the input: their norm is ${norms}`);
  }
  return [...direction, ...(without.length === 0 ? [] : [`no gradient reaches ${without.join(", ")}`])];
}

function ofUpdate({ name, updateRatio }: ParameterStatistics): readonly string[] {
  if (updateRatio === undefined) return [];
  if (updateRatio > largeUpdate) return [`updates of ${name} are large: a step changes it by ${percent(updateRatio)} of its norm`];
  if (updateRatio < smallUpdate && updateRatio > 0) return [`updates of ${name} are small: a step changes it by ${short(updateRatio)} of its norm`];
  return [];
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(2)));
}
