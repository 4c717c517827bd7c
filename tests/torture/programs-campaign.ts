import { atomically, type Tensor } from "@nn/tensor";
import { compile } from "@nn/compiler";
import type { Campaign } from "./campaign.js";
import { inputsOf, runProgram, type ProgramInputs } from "./programs.js";

/** The result of a run, and the state after it. */
interface Outcome {
  readonly results: readonly Tensor[];
  readonly error: string | undefined;
  readonly left: readonly number[];
}

function outcomeOf(inputs: ProgramInputs, run: () => readonly Tensor[]): Outcome {
  let results: readonly Tensor[] = [];
  let error: string | undefined;
  try {
    results = run();
  } catch (problem) {
    error = problem instanceof Error ? `${problem.name}: ${problem.message}` : String(problem);
  }
  return { results, error, left: [inputs.count.value, ...inputs.variable.value.toTypedArray()] };
}

function differenceOf(found: Outcome, wanted: Outcome, tolerance: number): string | undefined {
  if (found.error !== wanted.error) return `${found.error ?? "no error"}, expected ${wanted.error ?? "none"}`;
  const away = found.left.findIndex((value, at) => !isNear(value, wanted.left[at] ?? NaN, tolerance));
  if (away >= 0) return `it left ${found.left.join(", ")}, expected ${wanted.left.join(", ")}`;
  for (const [at, want] of wanted.results.entries()) {
    const got = found.results[at];
    if (got === undefined || got.dtype !== want.dtype || got.shape.join() !== want.shape.join()) return `result ${at} is ${got?.dtype} [${got?.shape.join()}], expected ${want.dtype} [${want.shape.join()}]`;
    const [x, y] = [got.toTypedArray(), want.toTypedArray()];
    const wrong = y.findIndex((value, element) => !isNear(x[element] ?? NaN, value, tolerance));
    if (wrong >= 0) return `result ${at} has ${x[wrong]} at ${wrong}, expected ${y[wrong]}`;
  }
  return undefined;
}

function isNear(x: number, y: number, tolerance: number): boolean {
  return Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * (0.1 + Math.abs(y));
}

/** Eagerly, and compiled on one thread and on two: twice each, since the second run starts from the state after the first. */
function round(seed: number): readonly string[] {
  const eagerly = inputsOf(seed);
  const expected = [0, 1].map(() => outcomeOf(eagerly, () => atomically(() => runProgram(seed, eagerly))));
  return [1, 2].flatMap((threads) => {
    const inputs = inputsOf(seed);
    const compiled = compile((floats: Tensor, whole: Tensor) => runProgram(seed, { ...inputs, floats, whole }), { threads });
    const differences = expected.map((wanted) => differenceOf(outcomeOf(inputs, () => compiled(inputs.floats, inputs.whole)), wanted, 2e-3));
    compiled.dispose();
    return differences.flatMap((difference, run) => (difference === undefined ? [] : [`program ${seed}, compiled on ${threads} threads, run ${run}: ${difference}`]));
  });
}

export const programsCampaign: Campaign = { name: "programs", title: "random programs, eagerly and compiled on one and two threads", round };
