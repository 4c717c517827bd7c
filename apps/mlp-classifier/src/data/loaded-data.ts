import type { Dataset, Table } from "@nn/data";
import type { Tensor } from "@nn/tensor";
import type { Fingerprint } from "./fingerprint.js";
import type { InputForm } from "./input-form.js";
import type { DataSummary } from "./summary.js";

/** Examples for the network: features `[features]` float32, and the class, an int32 scalar. */
export type Split = Dataset<readonly [x: Tensor, y: Tensor]>;

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
  /** The test split as it was read, if it is a table. */
  readonly testRows?: Table;
  /** How columns and rows were treated, if the data are a user's table. */
  readonly summary?: DataSummary;
  /** The data of the rounds of a cross-validation of the training and validation examples: in each, another fold is the test. */
  readonly folds?: (count: number) => readonly LoadedData[];
  /** Remarks for the reader of the results. */
  readonly remark?: string;
}
