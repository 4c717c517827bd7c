/** The fields that every record of a run has. */
export interface RecordBase {
  /** The number of completed optimizer steps when the record was made. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Numbers of one step, such as `{ "training.loss": 0.3 }`. They may be NaN and ±∞. */
export interface ScalarsRecord extends RecordBase {
  readonly type: "scalars";
  readonly values: Readonly<Record<string, number>>;
}

/** The number of values in each of several bins, with moments of the values. */
export interface HistogramRecord extends RecordBase {
  readonly type: "histogram";
  /** The name: a kind and a path, such as `"gradients/hidden.weight"`. */
  readonly name: string;
  /** The limits of the bins, ascending: one more than there are bins. Bin `i` holds values from `edges[i]` up to `edges[i + 1]`, the last bin both its limits. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** The mean of the finite values; 0 if there are none. */
  readonly mean: number;
  /** The standard deviation of the finite values, with divisor n. */
  readonly deviation: number;
  /** The number of values that are exactly 0. */
  readonly zeros: number;
  /** The number of values that are NaN or infinite. They are in no bin. */
  readonly nonFinite: number;
  /** The number of units of a layer, and of those that were 0 for every example. */
  readonly units?: { readonly count: number; readonly inactive: number };
}

/** A confusion matrix: how often examples of each class were predicted to be of each class. */
export interface ConfusionRecord extends RecordBase {
  readonly type: "confusion";
  readonly name: string;
  readonly classes: readonly string[];
  /** The counts, with a row for each true class and a column for each predicted one. */
  readonly counts: readonly (readonly number[])[];
  /** Some of the examples, for the reader to look at. */
  readonly examples?: readonly ConfusionExample[];
}

/** An example of a confusion matrix. */
export interface ConfusionExample {
  /** The index of its true class. */
  readonly target: number;
  /** The index of the class that was predicted. */
  readonly predicted: number;
  /** The probability that the model gave to `predicted`. */
  readonly probability?: number;
  readonly image?: PngImage;
  /** A description: a line of text, the values of a row, the name of a file. */
  readonly text?: string;
}

/** A PNG file. */
export interface PngImage {
  /** The bytes in base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
}

/** Images with captions, such as samples of a generator. */
export interface ImagesRecord extends RecordBase {
  readonly type: "images";
  readonly name: string;
  readonly images: readonly (PngImage & { readonly caption?: string })[];
}

/** A text, such as the output of a language model. */
export interface TextRecord extends RecordBase {
  readonly type: "text";
  readonly name: string;
  readonly text: string;
}

/** The state of a run. `"completed"` and the states after it are final, unless the run is resumed. */
export type RunState = "running" | "paused" | "completed" | "stopped" | "interrupted" | "diverged" | "failed";

/** A command to a run. */
export type RunCommand = "pause" | "resume" | "stop" | "save";

/** A new state of a run: it began, paused, resumed or ended. */
export interface StatusRecord extends RecordBase {
  readonly type: "status";
  readonly state: RunState;
  readonly message?: string;
  /** The total number of steps of the run, if it is known. */
  readonly totalSteps?: number;
  /** The commands that the run obeys. */
  readonly commands?: readonly RunCommand[];
}

/** A plain value in settings. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | { readonly [name: string]: SettingValue };

/** The settings of a run. In JSON, numbers that are not finite become the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, and stay strings. */
export interface SettingsRecord extends RecordBase {
  readonly type: "settings";
  readonly settings: Readonly<Record<string, SettingValue>>;
}

/** The compiler's description of a function: the text of `explain` (graph and kernels) or `profile` (times of kernels). */
export interface ProgramRecord extends RecordBase {
  readonly type: "program";
  /** The name of the function, such as `"train step"`. */
  readonly name: string;
  readonly view: "graph" | "kernels" | "profile";
  readonly text: string;
}

/** One record of a run. Its JSON form is one line; see `encodeRecord`. */
export type RunRecord =
  | ScalarsRecord
  | HistogramRecord
  | ConfusionRecord
  | ImagesRecord
  | TextRecord
  | StatusRecord
  | SettingsRecord
  | ProgramRecord;

/** The kinds of records. */
export type RecordType = RunRecord["type"];

/** The record of a kind. */
export type RecordOf<Type extends RecordType> = Extract<RunRecord, { readonly type: Type }>;
