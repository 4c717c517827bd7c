import type { Metric } from "@nn/metrics";
import { isTensor, narrow, tensor, type FloatDType, type Tensor } from "@nn/tensor";
import { compiled, eager, type Execution } from "../test/reference/execution.js";
import type { Plain } from "./array.js";
import { seedsOf } from "./check.js";
import { Random } from "./random.js";

/** What a metric takes: floating-point numbers in the dtype of a trial, whole numbers as int32, or texts. */
export type MetricInput = { readonly floats: Plain } | { readonly integers: Plain } | { readonly texts: readonly unknown[] };

/** One configuration of a metric. */
export interface MetricTrial {
  /** A description of the configuration, to help find a difference. */
  readonly what: string;
  readonly inputs: readonly MetricInput[];
  /** The function of all examples; left out for a metric that is only an accumulator. */
  readonly call?: (...inputs: never[]) => unknown;
  readonly make: () => Metric<never[], unknown>;
  readonly plain: () => unknown;
}

/** A metric, by the name of its function: the name of its accumulator, and its configurations. */
export interface MetricEntry {
  readonly accumulator: string;
  readonly trial: (random: Random) => MetricTrial;
}

type Given = Tensor | readonly unknown[];

function valuesOf(input: MetricInput, dtype: FloatDType): Given {
  if ("texts" in input) return input.texts;
  return "floats" in input ? tensor([...input.floats.data], { shape: input.floats.shape, dtype }) : tensor([...input.integers.data], { shape: input.integers.shape, dtype: "int32" });
}

const sizeOf = (input: Given): number => (isTensor(input) ? (input.shape[0] ?? 1) : input.length);

const part = (input: Given, start: number, end: number): Given => (isTensor(input) ? narrow(input, 0, start, end - start) : input.slice(start, end));

/** The numbers in a result, in order. */
function numbersOf(value: unknown): readonly number[] {
  if (typeof value === "number") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersOf) : [];
}

function difference(got: unknown, want: unknown, tolerance: number): string | undefined {
  const [found, expected] = [numbersOf(got), numbersOf(want)];
  if (found.length !== expected.length) return `has ${found.length} numbers, expected ${expected.length}`;
  const at = expected.findIndex((value, index) => {
    const other = found[index] as number;
    return !(Object.is(other, value) || other === value || Math.abs(other - value) <= tolerance * (1 + Math.abs(value)));
  });
  return at === -1 ? undefined : `number ${at} is ${found[at]}, expected ${expected[at]}`;
}

/** The result of two accumulators that get the examples in batches of random sizes and are merged. */
function gathered(trial: MetricTrial, inputs: readonly Given[], execution: Execution, random: Random): unknown {
  const examples = sizeOf(inputs[0] as Given);
  const [first, second] = [trial.make(), trial.make()];
  const tensors = inputs.every(isTensor);
  const updateOf = (metric: Metric<never[], unknown>): ((...batch: Given[]) => void) =>
    (tensors && metric.isCompilable ? execution.prepare((...batch) => { metric.update(...(batch as unknown[] as never[])); return []; }) as (...batch: Given[]) => void : (...batch) => metric.update(...(batch as unknown[] as never[])));
  const updates = [updateOf(first), updateOf(second)] as const;
  for (let start = 0; start < examples;) {
    const end = Math.min(examples, start + random.int(1, 5));
    random.pick(updates)(...inputs.map((input) => part(input, start, end)));
    start = end;
  }
  first.merge(second);
  const restored = trial.make();
  restored.loadStateDict(first.stateDict());
  return restored.compute();
}

/** The problems of one configuration. */
function problemsOf(name: string, { trial: make }: MetricEntry, seed: number): readonly string[] {
  const dtype: FloatDType = seed % 2 === 0 ? "float64" : "float32";
  const tolerance = dtype === "float64" ? 1e-9 : 1e-5;
  const random = new Random(seed);
  const trial = make(random);
  const inputs = trial.inputs.map((input) => valuesOf(input, dtype));
  const want = trial.plain();
  const forms: readonly (readonly [string, () => unknown])[] = [
    ...(trial.call === undefined ? [] : [["function", () => trial.call?.(...(inputs as unknown[] as never[]))] as const]),
    ...[eager, compiled].map((execution) => [`accumulator, ${execution.name}`, () => gathered(trial, inputs, execution, random)] as const),
  ];
  return forms.flatMap(([form, run]) => {
    const of = `${name} (${trial.what}; seed ${seed}, ${dtype}, ${form})`;
    try {
      const problem = difference(run(), want, tolerance);
      return problem === undefined ? [] : [`${of}: ${problem}`];
    } catch (error) {
      return [`${of}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
    }
  });
}

/** The problems of the configurations of a metric; only the first few if there are many. */
export function metricProblems(name: string, entry: MetricEntry): readonly string[] {
  const problems: string[] = [];
  for (const seed of seedsOf(name)) if (problems.length < 3) problems.push(...problemsOf(name, entry, seed));
  return problems;
}

