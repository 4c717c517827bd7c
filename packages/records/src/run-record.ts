/** What every record of a run holds. */
export interface RecordBase {
  /** The number of optimizer steps that were done when the record was made. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Numbers of one step, such as `{ "training.loss": 0.3 }`. They may be NaN and ±∞. */
export interface ScalarsRecord extends RecordBase {
  readonly type: "scalars";
  readonly values: Readonly<Record<string, number>>;
}

/** How many values lie in each of several bins, with moments of the values. */
export interface HistogramRecord extends RecordBase {
  readonly type: "histogram";
  /** A kind and a path, such as `"gradients/hidden.weight"`. */
  readonly name: string;
  /** The limits of the bins, ascending: one more than there are bins. Bin `i` holds values from `edges[i]` up to `edges[i + 1]`, the last bin both its limits. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Over the finite values; 0 if there are none. */
  readonly mean: number;
  /** The standard deviation of the finite values, with divisor n. */
  readonly deviation: number;
  /** How many values are exactly 0. */
  readonly zeros: number;
  /** How many values are NaN or infinite. They are in no bin. */
  readonly nonFinite: number;
  /** The number of units of a layer, and how many of them were 0 for every example. */
  readonly units?: { readonly count: number; readonly inactive: number };
}

/** How often examples of each class were predicted to be of each class. */
export interface ConfusionRecord extends RecordBase {
  readonly type: "confusion";
  readonly name: string;
  readonly classes: readonly string[];
  /** A row for each true class, a column for each predicted one. */
  readonly counts: readonly (readonly number[])[];
  /** Some of the examples, to look at. */
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
  /** What it is, in words: a line of text, the values of a row, a file's name. */
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

/** A text, such as what a language model writes. */
export interface TextRecord extends RecordBase {
  readonly type: "text";
  readonly name: string;
  readonly text: string;
}

/** What a run does: `"completed"` and the states after it end it, unless it is resumed. */
export type RunState = "running" | "paused" | "completed" | "stopped" | "interrupted" | "diverged" | "failed";

/** What a person may ask of a run. */
export type RunCommand = "pause" | "resume" | "stop" | "save";

/** That a run began, paused, went on or ended. */
export interface StatusRecord extends RecordBase {
  readonly type: "status";
  readonly state: RunState;
  readonly message?: string;
  /** The number of steps that the run will have, where it is known. */
  readonly totalSteps?: number;
  /** The commands that the run obeys. */
  readonly commands?: readonly RunCommand[];
}

/** A plain value in settings. */
export type SettingValue = string | number | boolean | null | readonly SettingValue[] | { readonly [name: string]: SettingValue };

/** With what a run was started. In JSON, numbers that are not finite become the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, and stay strings. */
export interface SettingsRecord extends RecordBase {
  readonly type: "settings";
  readonly settings: Readonly<Record<string, SettingValue>>;
}

/** What the compiler says of a function: `explain` (graph and kernels) or `profile` (times of kernels), as text. */
export interface ProgramRecord extends RecordBase {
  readonly type: "program";
  /** The function, such as `"train step"`. */
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
