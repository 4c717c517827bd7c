import { valueAndGrad } from "@nn/autograd";
import type { Module } from "@nn/layers";
import { add, sum, Variable, zeros, type FloatDType, type Tensor } from "@nn/tensor";
import { isFloat } from "@nn/tensor/extend";
import { Arguments, watch } from "./arguments.js";
import { constructModule } from "./called-modules.js";
import { compareTensor, type Check, type Comparison } from "./compare.js";
import type { Execution } from "./execution.js";
import { decode, decodeAll, requireFields, type CallCase } from "./format.js";
import { losses, type LossInputs } from "./losses.js";
import { operations } from "./operations/table.js";

/** Our counterpart of the target of a case. */
interface Subject {
  readonly call: (inputs: readonly Tensor[]) => readonly Tensor[];
  /** Holds the parameters and buffers, if there are any. */
  readonly module?: Module;
}

const fields = [
  "mode", "callArgs", "inputs", "inputNames", "params", "buffers", "outputs", "outputNames", "gradOutputs", "gradInputs", "gradParams", "buffersAfter",
  "edge", "computedIn", "preprocess",
];

/** Values of the case that were not read are an error. What a subject reads is known only after its call. */
function requireRead(target: string, what: string, unread: readonly string[]): void {
  if (unread.length > 0) throw new TypeError(`the mapping of ${target} leaves out the ${what} ${unread.join(", ")}`);
}

function requireStateless(one: CallCase): void {
  requireRead(one.target, "parameters", Object.keys(one.params ?? {}));
  requireRead(one.target, "call's arguments", Object.keys(one.callArgs ?? {}));
}

function construct(one: CallCase, args: Arguments, callArgs: Arguments): Subject {
  const { target } = one;
  const loss = losses[target];
  if (loss !== undefined) {
    requireStateless(one);
    const weights = watch(decodeAll(one.buffers));
    const compute = loss(args, weights.value);
    requireRead(target, "buffers", weights.unread());
    return {
      call: (given) => {
        const inputs = watch(given);
        const output = compute(inputs.value as LossInputs);
        requireRead(target, "inputs", inputs.unread());
        return [output];
      },
    };
  }
  const operation = operations[target];
  if (operation !== undefined) {
    requireStateless(one);
    requireRead(target, "buffers", Object.keys(one.buffers ?? {}));
    return {
      call: (given) => {
        const inputs = watch(given);
        const outputs = [operation(inputs.value, args, one.inputNames ?? [])].flat();
        requireRead(target, "inputs", inputs.unread());
        return outputs;
      },
    };
  }
  const [{ dtype } = { dtype: "float32" }] = [...Object.values(one.params ?? {}), ...one.inputs];
  const { module, call } = constructModule(target, args, dtype as FloatDType, callArgs);
  module.loadStateDict({ ...decodeAll(one.params), ...decodeAll(one.buffers) });
  const names = one.inputNames ?? ["input"];
  return {
    call: (given) => {
      const inputs = watch(Object.fromEntries(given.map((input, at) => [names[at] ?? `input ${at}`, input])));
      const outputs = call(inputs.value);
      requireRead(target, "inputs", inputs.unread());
      return outputs;
    },
    module: module.train(one.mode !== "eval"),
  };
}

/**
 * Calls our counterpart of a target and compares outputs, gradients of inputs and parameters, and buffers. The gradients are
 * those of `Σ output · cotangent`.
 */
export function runCall(one: CallCase, execution: Execution): readonly Comparison[] {
  requireFields(one, fields);
  if (one.mode !== undefined && one.mode !== "train" && one.mode !== "eval") throw new TypeError(`mode is ${JSON.stringify(one.mode)}, expected train or eval`);
  const args = new Arguments(one.args);
  const callArgs = new Arguments(one.callArgs ?? {});
  const { call, module } = construct(one, args, callArgs);
  const inputs = one.inputs.map((input) => new Variable(decode(input)));
  const parameters = module?.namedParameters() ?? new Map<string, Variable>();
  const differentiated = one.gradOutputs.length === 0 ? [] : [...inputs.filter(({ dtype }) => isFloat(dtype)), ...parameters.values()];
  const cotangents = one.gradOutputs.map(decode);

  const program = execution.prepare(() => {
    let outputs: readonly Tensor[] = [];
    const { gradients } = valueAndGrad(() => {
      outputs = call(inputs.map((input) => input.value));
      const products = cotangents.map((cotangent, at) => sum((outputs[at] as Tensor).mul(cotangent)));
      return products.length === 0 ? zeros([]) : products.reduce(add);
    }, differentiated, { strict: false });
    return [...outputs, ...gradients];
  });

  const results = program();
  args.requireAllRead(one.target);
  callArgs.requireAllRead(one.target);
  const outputs = results.slice(0, results.length - differentiated.length);
  if (outputs.length !== one.outputs.length) throw new TypeError(`${one.target} gives ${outputs.length} outputs, expected ${one.outputs.length}`);
  const gradients = new Map(differentiated.map((variable, at) => [variable, results[outputs.length + at] as Tensor]));
  return checksOf(one, { outputs, inputs, parameters, gradients, buffers: module?.namedBuffers() }).map((check) => compareTensor(check, one.tolerance));
}

interface Results {
  readonly outputs: readonly Tensor[];
  readonly inputs: readonly Variable[];
  readonly parameters: ReadonlyMap<string, Variable>;
  readonly gradients: ReadonlyMap<Variable, Tensor>;
  readonly buffers: ReadonlyMap<string, Variable> | undefined;
}

function checksOf(one: CallCase, { outputs, inputs, parameters, gradients, buffers }: Results): readonly Check[] {
  const checks: { what: string; got: Tensor | undefined; want: Check["want"] | null }[] = [
    ...one.outputs.map((want, at) => ({ what: `output ${at}`, got: outputs[at], want })),
    ...(one.gradOutputs.length === 0 ? [] : one.gradInputs.map((want, at) => ({ what: `gradient of input ${at}`, got: gradients.get(inputs[at] as Variable), want }))),
    ...Object.entries(one.gradParams ?? {}).map(([name, want]) => {
      const parameter = parameters.get(name);
      return { what: `gradient of ${name}`, got: parameter && gradients.get(parameter), want };
    }),
    ...(buffers === undefined ? [] : Object.entries(one.buffersAfter ?? {}).map(([name, want]) => ({ what: name, got: buffers.get(name)?.value, want }))),
  ];
  return checks.flatMap(({ what, got, want }) => {
    if (want === null) return [];
    if (got === undefined) throw new TypeError(`${one.target} gives no ${what}`);
    return [{ what, got, want }];
  });
}
