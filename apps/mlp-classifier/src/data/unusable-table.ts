import { Failure } from "../failure.js";
import type { DataSummary } from "./summary.js";

/** How the columns of a table were read. */
export type ColumnSummary = Pick<DataSummary, "columns" | "warnings">;

/** A table whose columns were read, but which cannot be used. How they were read often shows why. */
export class UnusableTable extends Failure {
  override readonly name = "UnusableTable";
  /** What the table is called. */
  readonly table: string;
  readonly summary: ColumnSummary;

  constructor(table: string, summary: ColumnSummary, reason: Failure) {
    super(reason.message, { exitCode: reason.exitCode, cause: reason });
    this.table = table;
    this.summary = summary;
  }
}
