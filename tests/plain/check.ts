import { valueAndGrad } from "@nn/autograd";
import { add, sum, tensor, Variable, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import { compiled, eager, type Execution } from "../test/reference/execution.js";
import { get, sizeOf, type Plain } from "./array.js";
import { Random } from "./random.js";
import type { Entry, Trial } from "./trial.js";

const tolerances: Readonly<Record<FloatDType, number>> = { float64: 1e-9, float32: 2e-4 };

const listOf = <T extends object>(value: T | readonly T[]): readonly T[] => (Array.isArray(value) ? value : [value as T]);

/** How far numbers are from others, measured by the size of all of them, or what is wrong otherwise. */
function difference(got: readonly number[], want: readonly number[], tolerance: number): string | undefined {
  const scale = 1 + Math.max(0, ...want.filter(Number.isFinite).map(Math.abs));
  const wrong = want.findIndex((value, at) => {
    const found = get(got, at);
    return !(Object.is(found, value) || found === value || Math.abs(found - value) <= tolerance * scale);
  });
  return wrong === -1 ? undefined : `element ${wrong} is ${got[wrong]}, expected ${want[wrong]}`;
}

function compareOutputs(outputs: readonly Tensor[], want: readonly Plain[], tolerance: number): string[] {
  if (outputs.length !== want.length) return [`${outputs.length} outputs, expected ${want.length}`];
  return want.flatMap(({ shape, data }, at) => {
    const output = get(outputs, at);
    if (output.shape.join() !== shape.join()) return [`output ${at} has shape [${output.shape.join()}], expected [${shape.join()}]`];
    const problem = difference(Array.from(output.toTypedArray(), Number), data, isFloat(output.dtype) ? tolerance : 0);
    return problem === undefined ? [] : [`output ${at}: ${problem}`];
  });
}

/** Number of elements whose gradient is checked for one input; fewer for each of several inputs. */
const samplesOf = (inputs: number): number => Math.max(1, Math.min(4, Math.floor(16 / inputs)));

/** A derivative by central differences; `undefined` where the function has a kink. */
function slopeAt(f: (value: number) => number, x: number): number | undefined {
  const step = 1e-5;
  const [before, here, after] = [f(x - step), f(x), f(x + step)];
  const [left, right] = [(here - before) / step, (after - here) / step];
  return Math.abs(left - right) > 1e-2 * (1 + Math.abs(left) + Math.abs(right)) ? undefined : (after - before) / (2 * step);
}

/** Random cotangents, by the shapes of the outputs that have gradients. */
function cotangentsOf(outputs: readonly Plain[], seed: number): readonly Plain[] {
  const random = new Random(seed);
  return outputs.map(({ shape }) => random.array(shape, 0.5, 1.5));
}

interface Prepared {
  readonly trial: Trial;
  readonly dtype: FloatDType;
  readonly parameters: Readonly<Record<string, Plain>>;
  readonly want: readonly Plain[];
  readonly cotangents: readonly Plain[];
}

function execute({ trial, dtype, parameters, cotangents }: Prepared, execution: Execution): { outputs: readonly Tensor[]; gradients: readonly Tensor[] } {
  const { call, module } = trial.ours(dtype);
  const named = module?.namedParameters() ?? new Map<string, Variable>();
  for (const [name, variable] of named) variable.value = toTensor(parameters[name] as Plain, dtype);
  const inputs = trial.inputs.map((each) => new Variable(toTensor(each, dtype)));
  const sources = trial.differentiable === false ? [] : [...inputs, ...named.values()];
  const program = execution.prepare(() => {
    let outputs: readonly Tensor[] = [];
    const { gradients } = valueAndGrad(() => {
      outputs = listOf(call(...inputs.map((each) => each.value)));
      if (sources.length === 0) return zeros([]);
      const weighted = outputs.flatMap((output, at) => (isFloat(output.dtype) ? [sum(output.mul(toTensor(get(cotangents, at), dtype)))] : []));
      return weighted.reduce(add);
    }, sources, { strict: false });
    return [...outputs, ...gradients];
  });
  const results = program();
  return { outputs: results.slice(0, results.length - sources.length), gradients: results.slice(results.length - sources.length) };
}

const toTensor = ({ shape, data }: Plain, dtype: FloatDType): Tensor => tensor([...data], { shape, dtype });

function compareGradients(prepared: Prepared, gradients: readonly Tensor[], floats: readonly boolean[], seed: number): string[] {
  const { trial, parameters, cotangents, dtype } = prepared;
  const random = new Random(seed);
  const names = Object.keys(parameters);
  const sources = [...trial.inputs, ...names.map((name) => parameters[name] as Plain)];
  const value = (changed: number, position: number, to: number): number => {
    const given = sources.map((each, at) => (at === changed ? { ...each, data: each.data.with(position, to) } : each));
    const inputs = given.slice(0, trial.inputs.length);
    const outputs = listOf(trial.plain(inputs, Object.fromEntries(names.map((name, at) => [name, get(given, at + inputs.length)]))));
    return outputs.reduce((total, output, at) =>
      (floats[at] === true ? total + output.data.reduce((part, each, on) => part + each * get(get(cotangents, at).data, on), 0) : total), 0);
  };
  return sources.flatMap((source, at) => {
    const size = sizeOf(source.shape);
    const found = Array.from(get(gradients, at).toTypedArray(), Number);
    const scale = 1 + Math.max(0, ...found.map(Math.abs));
    const tolerance = (dtype === "float64" ? 1e-6 : 2e-3) * (trial.loose ?? 1) * scale;
    return (size === 0 ? [] : random.list(samplesOf(sources.length), () => random.int(0, size - 1))).flatMap((position) => {
      const slope = slopeAt((to) => value(at, position, to), get(source.data, position));
      const got = get(found, position);
      if (slope === undefined || Math.abs(got - slope) <= tolerance) return [];
      const name = at < trial.inputs.length ? `input ${at}` : get(names, at - trial.inputs.length);
      return [`gradient of ${name}: element ${position} is ${got}, expected ${slope}`];
    });
  });
}

function prepare(trial: Trial, dtype: FloatDType, seed: number): Prepared {
  const random = new Random(seed);
  const module = trial.ours(dtype).module;
  const parameters = Object.fromEntries([...(module?.namedParameters() ?? [])].map(([name, { shape }]) => [name, random.array(shape, -0.9, 0.9)]));
  const want = listOf(trial.plain(trial.inputs, parameters));
  return { trial, dtype, parameters, want, cotangents: cotangentsOf(want, seed + 1) };
}

/** Runs one configuration eagerly and compiled. @returns The problems, each with what is needed to repeat it. */
export function problemsOf(name: string, entry: Entry, seed: number): readonly string[] {
  const dtype: FloatDType = seed % 2 === 0 ? "float64" : "float32";
  const trial = entry(new Random(seed));
  try {
    const prepared = prepare(trial, dtype, seed);
    return [eager, ...(trial.compiled === false ? [] : [compiled])].flatMap((execution) => {
      const { outputs, gradients } = execute(prepared, execution);
      const problems = compareOutputs(outputs, prepared.want, tolerances[dtype] * (trial.loose ?? 1));
      const all = problems.length > 0 || gradients.length === 0 ? problems : compareGradients(prepared, gradients, outputs.map((each) => isFloat(each.dtype)), seed + 2);
      return all.map((problem) => `${name} (${trial.what}; seed ${seed}, ${dtype}, ${execution.name}): ${problem}`);
    });
  } catch (error) {
    return [`${name} (${trial.what}; seed ${seed}, ${dtype}): ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
  }
}

/** How many configurations of each name are tried: few by default, more with `NN_CONFIGURATIONS`; `NN_SEED` is the first seed. */
export const configurations = Number(process.env["NN_CONFIGURATIONS"] ?? 2);
const firstSeed = Number(process.env["NN_SEED"] ?? 0);

/** The seeds of the configurations of a name. Different names have different seeds. */
export function seedsOf(name: string): readonly number[] {
  const salt = [...name].reduce((hash, letter) => (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) | 0, 7) & 0xff_ff_fe;
  return Array.from({ length: configurations }, (_, at) => salt + firstSeed + at);
}

/** The problems of the configurations of a name; only the first few if there are many. */
export function problemsOfAll(name: string, entry: Entry): readonly string[] {
  const problems: string[] = [];
  for (const seed of seedsOf(name)) if (problems.length < 3) problems.push(...problemsOf(name, entry, seed));
  return problems;
}
