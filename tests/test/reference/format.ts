import { tensor, type DType, type Tensor } from "@nn/tensor";

/** A number in the files: NaN and infinities are strings, since JSON cannot hold them. */
export type RecordedNumber = number | boolean | "NaN" | "Infinity" | "-Infinity";

/** A tensor in the files. */
export interface RecordedTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly RecordedNumber[];
}

export type RecordedState = Readonly<Record<string, RecordedTensor>>;

export type RecordedArguments = Readonly<Record<string, unknown>>;

export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** The fields of every case. */
export interface Case {
  readonly id: string;
  readonly target: string;
  readonly args: RecordedArguments;
  readonly tolerance?: Tolerance;
  readonly optional?: boolean;
}

/** A call of a module or a function. */
export interface CallCase extends Case {
  readonly mode?: "train" | "eval";
  /** A description of what PyTorch's class needs first; the mapping of `nn.CTCLoss` does it. */
  readonly preprocess?: Readonly<Record<string, string>>;
  /** Keyword arguments of the call. */
  readonly callArgs?: RecordedArguments;
  readonly inputs: readonly RecordedTensor[];
  /** PyTorch's names of the inputs, where the order is not enough. */
  readonly inputNames?: readonly string[];
  readonly params?: RecordedState;
  readonly buffers?: RecordedState;
  readonly outputs: readonly RecordedTensor[];
  readonly gradOutputs: readonly RecordedTensor[];
  readonly gradInputs: readonly (RecordedTensor | null)[];
  readonly gradParams?: RecordedState;
  readonly buffersAfter?: RecordedState;
}

export interface OptimizerCase extends Case {
  readonly groups?: readonly (RecordedArguments & { readonly params: readonly string[] })[] | null;
  readonly params: RecordedState;
  readonly grads: readonly Readonly<Record<string, RecordedTensor | null>>[];
  readonly paramsAfter: readonly RecordedState[];
  readonly averagedParamsAfter?: RecordedState;
}

/** A function that is minimised by a closure, which may be called several times in a step. */
export interface LBFGSCase extends Case {
  readonly tolerance: Tolerance;
  readonly function: string;
  readonly functionData: { readonly A?: RecordedTensor; readonly b?: RecordedTensor };
  readonly params: RecordedState;
  readonly paramsAfter: readonly RecordedState[];
  readonly lossPerStep: readonly number[];
  readonly closureCallsPerStep: readonly number[];
}

/** Gradients in, clipped gradients (and their norm) out. */
export interface ClippingCase extends Case {
  readonly inputs: readonly RecordedTensor[];
  readonly outputs: readonly RecordedTensor[];
}

export interface SchedulerCase extends Case {
  readonly optimizer: { readonly type: string; readonly lr: number; readonly groupLrs?: readonly number[] };
  readonly steps: number;
  readonly lrs: readonly number[];
  readonly lrsByGroup?: readonly (readonly number[])[];
  readonly momentums?: readonly number[];
  readonly metrics?: readonly RecordedNumber[];
}

export interface InitializerCase extends Case {
  readonly expected?: Readonly<Record<string, number | string>>;
  readonly outputs?: readonly RecordedTensor[];
}

/** A component of a training case that names its PyTorch class. */
export interface Part {
  readonly type: string;
  readonly args: RecordedArguments;
}

export interface TrainingCase extends Case {
  readonly args: RecordedArguments & {
    readonly model: { readonly forward: string; readonly layers: readonly (Part & { readonly name: string })[] };
    readonly loss: Part;
    readonly optimizer: Part;
    readonly scheduler: Part | null;
    readonly steps: number;
  };
  readonly inputs: readonly RecordedTensor[];
  readonly params: RecordedState;
  readonly buffers?: RecordedState;
  readonly lossSteps: readonly number[];
  readonly losses: readonly number[];
  readonly lrs: readonly number[];
  readonly stateAfterFirstStep?: RecordedState;
  readonly stateAfter: RecordedState;
  readonly evalOutputAfter: RecordedTensor;
}

/** A tensor of a safetensors file: its bytes, in hexadecimal, and its values; 64-bit integers are text. */
export interface RecordedFileTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly (RecordedNumber | string)[];
  readonly hex: string;
}

export interface SafetensorsCase extends Case {
  readonly base64: string;
  /** Whether the file is valid; readers must refuse an invalid one. */
  readonly valid: boolean;
  readonly tensors?: Readonly<Record<string, RecordedFileTensor>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The fields that every case may have in addition to those of its category: descriptions, which have no effect. */
const common = new Set(["id", "target", "args", "tolerance", "optional", "note"]);

/** @throws TypeError if a case has a field that is not read. */
export function requireFields(one: Case, fields: readonly string[]): void {
  const unknown = Object.keys(one).filter((name) => !common.has(name) && !fields.includes(name));
  if (unknown.length > 0) throw new TypeError(`the runner does not know the fields ${unknown.join(", ")}`);
}

/** A recorded tensor as one of ours. */
export function decode({ data, shape, dtype }: RecordedTensor): Tensor {
  return tensor(data.map(Number), { shape, dtype });
}

/** Recorded tensors by name, as ours. */
export function decodeAll(state: RecordedState | undefined): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(state ?? {}).map(([name, value]) => [name, decode(value)]));
}
