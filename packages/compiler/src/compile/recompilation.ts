import { formatSignature, type Signature } from "./signature.js";

/** When a function has this many programs, a warning says so: each takes time and memory. */
export const manyPrograms = 16;

/** Why a function was compiled again, and how to avoid it. */
export function explainRecompilation(programs: number, found: Signature, before: Signature): string {
  const { path, here, there } = firstDifference(found, before, "arguments") ?? {};
  const made = `compile: ${programs} programs were compiled for one function, and each takes time and memory`;
  if (path === undefined || here === undefined || there === undefined) {
    return `${made}; the arguments are alike, but a guarded value (for example, whether a module trains) differs from call to call; change it less often`;
  }
  const fix = here.kind === "tensor" && there.kind === "tensor"
    ? "pad it to one of a few shapes, or raise cacheSize to the number of shapes"
    : here.kind === "static" && typeof here.value === "number"
      ? "pass it as a tensor, tensor(value): the values of tensors are not part of the program"
      : "use only a few values";
  return `${made}; ${path} differs from call to call, ${formatSignature(there)} and then ${formatSignature(here)}: ${fix}`;
}

interface Difference {
  readonly path: string;
  readonly here: Signature;
  readonly there: Signature;
}

/** Where two signatures differ: the innermost entry. */
export function firstDifference(here: Signature, there: Signature, path: string): Difference | undefined {
  if (here.kind === "list" && there.kind === "list" && here.items.length === there.items.length) {
    return first(here.items.map((item, at) => [item, there.items[at], `${path}[${at}]`] as const));
  }
  if (here.kind === "record" && there.kind === "record" && here.entries.length === there.entries.length) {
    return first(here.entries.map(([key, item]) => [item, there.entries.find(([other]) => other === key)?.[1], `${path}.${key}`] as const));
  }
  return formatSignature(here) === formatSignature(there) ? undefined : { path, here, there };
}

function first(pairs: readonly (readonly [Signature, Signature | undefined, string])[]): Difference | undefined {
  for (const [here, there, path] of pairs) {
    const found = there === undefined ? { path, here, there: here } : firstDifference(here, there, path);
    if (found !== undefined) return found;
  }
  return undefined;
}
