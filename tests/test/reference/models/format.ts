import type { DType } from "@nn/tensor";

/** An entry of a state dictionary. */
export type RecordedEntry = readonly [name: string, shape: readonly number[], dtype: string];

/** An input of a model: how its elements follow from the fill. */
export interface RecordedInput {
  readonly kind: "uniform" | "uniform01" | "integers" | "explicit";
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly scale?: number;
  readonly low?: number;
  readonly high?: number;
  /** The first elements, as a check of the fill. */
  readonly first?: readonly number[];
  /** The elements of an explicit input. */
  readonly data?: readonly number[];
}

/** An output of a model: all elements, or a summary of them. */
export interface RecordedOutput {
  readonly shape: readonly number[];
  readonly data?: readonly number[];
  readonly first?: readonly number[];
  readonly last?: readonly number[];
  readonly sum?: number;
  readonly meanAbs?: number;
}

/** What follows from a fill. */
interface Recording {
  readonly seed: number;
  readonly gain: number;
  readonly inputs: Readonly<Record<string, RecordedInput>>;
  /** What PyTorch itself loses in float32. */
  readonly float32Deviation: Readonly<Record<string, number>>;
}

/** A call in evaluation mode. */
export interface EvaluationRecording extends Recording {
  readonly outputs: Readonly<Record<string, RecordedOutput>>;
}

/** A training step: the norm of each gradient and its first elements, and the loss before and after. */
export interface TrainingRecording extends Recording {
  readonly loss: string;
  readonly lossValue: number;
  readonly learningRate: number;
  readonly lossAfterStep: number;
  readonly gradients: Readonly<Record<string, readonly [norm: number, first: readonly number[]]>>;
  readonly withoutGradient?: readonly string[];
  readonly bufferNormsAfterForward?: Readonly<Record<string, number>>;
  /** A check while recording: the parameter, the index of an element, its gradient, the central difference, and how far they differ. */
  readonly finiteDifferences?: readonly (readonly [name: string, index: number, gradient: number, difference: number, deviation: number])[];
}

/** Text that a causal model continues. */
export interface GreedyRecording {
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
  readonly logitsPerStep: readonly (readonly number[])[];
  readonly marginPerStep: readonly number[];
}

/** A configuration of a model, and what was recorded of it. */
export interface Section {
  readonly class?: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly parameters?: number;
  readonly note?: string;
  readonly keys?: readonly RecordedEntry[];
  readonly keysAs?: string;
  readonly keysChanged?: readonly RecordedEntry[];
  readonly tied?: Readonly<Record<string, string>>;
  readonly eval?: EvaluationRecording;
  readonly train?: TrainingRecording;
  readonly greedy?: GreedyRecording;
}

/** An entry whose dtype is float32 if none is given. */
type ShortEntry = readonly [name: string, shape: readonly number[], dtype?: string];

/** A further configuration, of which only the entries of the state dictionary were recorded: as a list, as a text about the standard list, or as those of a layer with the number N. */
export interface Alternative {
  readonly config: Readonly<Record<string, unknown>>;
  readonly keys?: readonly RecordedEntry[] | string;
  readonly count?: number;
  readonly keysBeforeLayers?: readonly ShortEntry[];
  readonly keysOfLayer?: readonly ShortEntry[];
  readonly keysAfterLayers?: readonly ShortEntry[];
  readonly check?: boolean;
  readonly note?: string;
}

/** PyTorch's int64 is int32 here. */
export const dtypeOf = (dtype: string): DType => (dtype === "int64" ? "int32" : dtype as DType);
