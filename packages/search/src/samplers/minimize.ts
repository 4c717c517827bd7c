/** A function of several numbers, with its gradient. */
export type Differentiable = (at: readonly number[]) => { readonly value: number; readonly gradient: readonly number[] };

/** Settings of {@link minimize}. */
export interface MinimizeSettings {
  /** Every coordinate stays from `low` to `high`. */
  readonly low: number;
  readonly high: number;
  readonly iterations: number;
}

/** Number of steps that are stored. */
const memory = 8;

/**
 * A local minimum of a function by L-BFGS (Liu and Nocedal 1989) with a step that is halved until the function falls enough (Armijo). Steps end at the
 * bounds; there, coordinates that would leave do not move.
 */
export function minimize(objective: Differentiable, start: readonly number[], { low, high, iterations }: MinimizeSettings): { readonly at: readonly number[]; readonly value: number } {
  const within = (vector: readonly number[]): number[] => vector.map((each) => Math.min(Math.max(each, low), high));
  let at = within(start);
  let { value, gradient } = objective(at);
  let history: { readonly step: readonly number[]; readonly change: readonly number[] }[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    const held = gradient.map((each, index) => ((at[index] ?? 0) <= low && each > 0) || ((at[index] ?? 0) >= high && each < 0));
    const free = gradient.map((each, index) => (held[index] === true ? 0 : each));
    if (Math.max(...free.map(Math.abs)) < 1e-5) break;
    let direction = twoLoops(free, history).map((each, index) => (held[index] === true ? 0 : each));
    if (dot(direction, free) >= 0) direction = free.map((each) => -each);
    const next = lineSearch(objective, at, value, free, direction, within);
    if (next === undefined) break;
    const [step, change] = [subtract(next.at, at), subtract(next.gradient, gradient)];
    if (dot(step, change) > 1e-12) history = [...history, { step, change }].slice(-memory);
    const gain = value - next.value;
    ({ at, value, gradient } = next);
    if (gain < 1e-9 * (1 + Math.abs(value))) break;
  }
  return { at, value };
}

/** Minus the estimated inverse Hessian times the gradient. */
function twoLoops(gradient: readonly number[], history: readonly { readonly step: readonly number[]; readonly change: readonly number[] }[]): number[] {
  let direction = [...gradient];
  const factors: number[] = [];
  for (const { step, change } of history.toReversed()) {
    const factor = dot(step, direction) / dot(step, change);
    factors.unshift(factor);
    direction = direction.map((each, index) => each - factor * (change[index] ?? 0));
  }
  const last = history.at(-1);
  const scale = last === undefined ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : dot(last.step, last.change) / dot(last.change, last.change);
  direction = direction.map((each) => each * scale);
  for (const [index, { step, change }] of history.entries()) {
    const correction = (factors[index] ?? 0) - dot(change, direction) / dot(step, change);
    direction = direction.map((each, index) => each + correction * (step[index] ?? 0));
  }
  return direction.map((each) => -each);
}

function lineSearch(
  objective: Differentiable, at: readonly number[], value: number, gradient: readonly number[], direction: readonly number[], within: (vector: readonly number[]) => number[],
): { at: number[]; value: number; gradient: readonly number[] } | undefined {
  for (let length = 1; length > 1e-6; length /= 2) {
    const next = within(at.map((each, index) => each + length * (direction[index] ?? 0)));
    const found = objective(next);
    if (found.value <= value + 1e-4 * dot(gradient, subtract(next, at))) return { at: next, ...found };
  }
  return undefined;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, index) => sum + each * (b[index] ?? 0), 0);
}

function subtract(a: readonly number[], b: readonly number[]): number[] {
  return a.map((each, index) => each - (b[index] ?? 0));
}
