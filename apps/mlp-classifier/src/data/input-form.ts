import type { LabelEncoderState, TableEncoderState } from "@nn/data";
import type { ColumnPlan } from "./column-plan.js";

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
