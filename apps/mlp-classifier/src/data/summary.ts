import type { ColumnReport } from "./columns.js";
import type { Missing } from "./clean.js";

/** How the columns and rows of a table were treated before encoding. */
export interface DataSummary {
  readonly columns: readonly ColumnReport[];
  readonly missing: Missing;
  readonly warnings: readonly string[];
  /** The number of rows of each class, in the order of the classes. */
  readonly classCounts: readonly number[];
}
