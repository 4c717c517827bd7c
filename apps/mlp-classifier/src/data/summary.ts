import type { ColumnReport } from "./columns.js";
import type { Missing } from "./clean.js";

/** What was done with the columns and rows of a table before it became features. */
export interface DataSummary {
  readonly columns: readonly ColumnReport[];
  readonly missing: Missing;
  readonly warnings: readonly string[];
  /** How many rows of each class there are, in the order of the classes. */
  readonly classCounts: readonly number[];
}
