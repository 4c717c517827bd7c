import { valueAndGrad } from "@nn/autograd";
import { add, sum, tensor, Variable, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import { describe, expect, test } from "vitest";
import { get } from "../plain/array.js";
import { seedsOf } from "../plain/check.js";
import { lossEntries } from "../plain/losses.js";
import { Random } from "../plain/random.js";
import { allLayerEntries, tensorEntries } from "../plain/tables.js";
import type { Trial } from "../plain/trial.js";
import { compiled, eager, type Execution } from "./reference/execution.js";

/** Products of large queries and keys are beyond float32, and a softmax of infinite numbers is NaN. */
const multipliesInputs = new Set(["scaledDotProductAttention", "MultiheadAttention", "KeyValueCache", "TransformerEncoderLayer", "TransformerDecoderLayer", "TransformerEncoder", "TransformerDecoder", "Transformer"]);

const listOf = (value: Tensor | readonly Tensor[]): readonly Tensor[] => (Array.isArray(value) ? value : [value as Tensor]);

interface Found {
  readonly outputs: readonly Tensor[];
  readonly gradients: readonly Tensor[];
}

/** The results of a trial whose inputs are multiplied by `scale`, and their gradients. */
function resultsOf(trial: Trial, seed: number, scale: number, dtype: FloatDType, execution: Execution): Found {
  const { call, module } = trial.ours(dtype);
  const random = new Random(seed);
  for (const parameter of module?.parameters() ?? []) parameter.value = tensor([...random.array(parameter.shape, -0.9, 0.9).data], { shape: parameter.shape, dtype });
  const inputs = trial.inputs.map(({ shape, data }) => new Variable(tensor(data.map((each) => Math.fround(each * scale)), { shape, dtype })));
  const sources = trial.differentiable === false ? [] : inputs;
  const program = execution.prepare(() => {
    let outputs: readonly Tensor[] = [];
    const { gradients } = valueAndGrad(() => {
      outputs = listOf(call(...inputs.map((each) => each.value)));
      return outputs.filter((each) => isFloat(each.dtype)).map((each) => sum(each)).reduce(add, zeros([], { dtype }));
    }, sources, { strict: false });
    return [...outputs, ...gradients];
  });
  const results = program();
  return { outputs: results.slice(0, results.length - sources.length), gradients: results.slice(results.length - sources.length) };
}

/** Where float32 has other numbers although those of float64 are in its range. */
function differences(what: string, want: readonly Tensor[], got: readonly Tensor[], least: number): string[] {
  return want.flatMap((each, at) => {
    const right = Array.from(each.toTypedArray(), Number);
    const found = Array.from(get(got, at).toTypedArray(), Number);
    const size = Math.max(least, ...right.filter(Number.isFinite).map(Math.abs));
    const wrong = right.findIndex((value, place) => Math.abs(value) < 3e38 && !(Math.abs(value - get(found, place)) <= 1e-3 * size));
    return wrong < 0 ? [] : [`${what} ${at}: element ${wrong} is ${found[wrong]}, expected ${right[wrong]}`];
  });
}

function problemsOf(name: string, trial: Trial, seed: number, scale: number): string[] {
  const want = resultsOf(trial, seed, scale, "float64", eager);
  return [eager, ...(trial.compiled === false ? [] : [compiled])].flatMap((execution) => {
    const got = resultsOf(trial, seed, scale, "float32", execution);
    // Gradients that cancel leave rounding errors, compared with 1.
    return [...differences("output", want.outputs, got.outputs, 1e-37), ...differences("gradient of input", want.gradients, got.gradients, 1)]
      .map((problem) => `${name} of inputs times ${scale} (${trial.what}; seed ${seed}, ${execution.name}): ${problem}`);
  });
}

describe("float32 gives the results of float64 within its range, also for very large and very small inputs", () => {
  test.each(Object.entries({ ...tensorEntries, ...allLayerEntries, ...lossEntries }))("%s", (name, entry) => {
    const scales = multipliesInputs.has(name) ? [2 ** -100] : [2 ** 100, 2 ** 60, 2 ** -100];
    const problems = seedsOf(name).slice(0, 2).flatMap((seed) => scales.flatMap((scale) => {
      const trial = entry(new Random(seed));
      let isRefused = false;
      try {
        resultsOf(trial, seed, scale, "float64", eager);
      } catch {
        // Inputs that such numbers cannot be: probabilities, indices.
        isRefused = true;
      }
      return isRefused ? [] : problemsOf(name, trial, seed, scale);
    }));
    expect(problems).toEqual([]);
  });
});
