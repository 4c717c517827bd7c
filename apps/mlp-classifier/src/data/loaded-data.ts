import type { Dataset, LabelEncoderState, Table, TableEncoderState } from "@nn/data";
import type { Tensor } from "@nn/tensor";
import type { ColumnPlan } from "./columns.js";
import type { Fingerprint } from "./fingerprint.js";
import type { DataSummary } from "./summary.js";

/** Examples for the network: features `[features]` float32, and the class, an int32 scalar. */
export type Split = Dataset<readonly [x: Tensor, y: Tensor]>;

/** How examples look before they become features; saved with the model. */
export type InputForm = ImageForm | TableForm;

/** Grey images; a feature is a pixel, 0 to 1. */
export interface ImageForm {
  readonly kind: "image";
  readonly height: number;
  readonly width: number;
}

/** Rows of a table, encoded as was found in the training split. */
export interface TableForm {
  readonly kind: "table";
  /** The column that holds the class. */
  readonly target: string;
  /** How the columns that are used are read, the target among them. */
  readonly columns: readonly ColumnPlan[];
  /** What is done about missing values. */
  readonly missing: "error" | "drop" | "mean";
  /** How features are encoded. */
  readonly encoder: TableEncoderState;
  /** How classes are numbered. */
  readonly labels: LabelEncoderState;
}

/** The splits of a data set, ready for a network. */
export interface Splits {
  readonly train: Split;
  readonly validation: Split | undefined;
  readonly test: Split;
}

/** A data set, ready for a network. */
export interface LoadedData extends Splits {
  readonly name: string;
  readonly classes: readonly string[];
  readonly features: number;
  readonly input: InputForm;
  /** The file or folder that the data came from; null where they are built in. */
  readonly source: Fingerprint | null;
  /** The test split as it was read, where it is a table. */
  readonly testRows?: Table;
  /** What was done with columns and rows, where the data are a table of the user's. */
  readonly summary?: DataSummary;
  /** What a reader of the results should know. */
  readonly remark?: string;
}
