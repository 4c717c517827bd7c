import type { LabelEncoderState, TableEncoderState } from "@nn/data";
import type { ColumnPlan } from "./column-plan.js";

/** The form of examples before they become features; saved with the model. */
export type InputForm = ImageForm | TableForm;

/** Images; a feature is a sample of a pixel, 0 to 1, one channel after the other. */
export interface ImageForm {
  readonly kind: "image";
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
}

/** Rows of a table, encoded with statistics of the training split. */
export interface TableForm {
  readonly kind: "table";
  /** The column that holds the class. */
  readonly target: string;
  /** How the used columns are read, including the target. */
  readonly columns: readonly ColumnPlan[];
  /** What happens to missing values. */
  readonly missing: "error" | "drop" | "mean";
  /** How features are encoded. */
  readonly encoder: TableEncoderState;
  /** How classes are numbered. */
  readonly labels: LabelEncoderState;
}
