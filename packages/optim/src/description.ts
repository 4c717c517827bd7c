import type { Variable } from "@nn/tensor";

/**
 * Makes the state dictionary an own property `state` of the object, so that test comparisons, JSON and structured clones see the state. Without it
 * they would see an empty object.
 */
export function exposeState(owner: { readonly stateDict: () => unknown }): void {
  Object.defineProperty(owner, "state", { enumerable: true, get: () => owner.stateDict() });
}

/** `1 step`, `2 steps`. */
export function count(number: number, what: string): string {
  return `${number.toLocaleString("en")} ${what}${number === 1 ? "" : "s"}`;
}

/** `2 parameters of 1,234 elements`. */
export function describeParameters(parameters: readonly Variable[]): string {
  const elements = parameters.reduce((total, { shape }) => total + shape.reduce((size, length) => size * length, 1), 0);
  return `${count(parameters.length, "parameter")} of ${count(elements, "element")}`;
}

/** `learningRate 0.1, betas [0.9, 0.999]`. */
export function describeOptions(options: object): string {
  return Object.entries(options).map(([name, value]) => `${name} ${describe(value)}`).join(", ");
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
  return typeof value === "function" ? "by a schedule" : String(value);
}
