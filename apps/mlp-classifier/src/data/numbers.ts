import { inferColumns, parseNumber, type InferredColumn, type NumberStyle } from "@nn/data";
import { LosslessNumber } from "lossless-json";
import { textsOf } from "./column-plan.js";
import type { RawTable } from "./raw-table.js";

/** Parses the cell of a column that is written in a style; NaN if it is not a number. A number of JSON is a number in every style. */
export function numberIn({ columns, scalars }: Pick<RawTable, "columns" | "scalars">, column: number, row: number, style: NumberStyle): number {
  return parseNumber(columns[column]?.[row] ?? "", scalars?.[column]?.[row] instanceof LosslessNumber ? "point" : style);
}

/**
 * Detects which columns of a table hold numbers, and how these are written. Numbers of JSON say nothing about how texts are written. A column of digits
 * alone is written like the other columns.
 */
export function inferNumbers(table: RawTable, numbers: NumberStyle | "auto"): readonly InferredColumn[] {
  const isJson = (at: number, row: number): boolean => table.scalars?.[at]?.[row] instanceof LosslessNumber;
  const texts = textsOf(table).map((column, at) => column.map((text, row) => (text !== null && isJson(at, row) && !Number.isNaN(parseNumber(text)) ? "1" : text)));
  const inferred = inferColumns(texts, { delimiter: table.delimiter, numbers });
  if (numbers !== "auto") return inferred;
  const isWritten = (at: number): boolean => texts[at]?.some((text) => text !== null && /\D/.test(text.replace(/^[+-]/, ""))) === true;
  const styles = new Set(inferred.flatMap(({ type, style }, at) => (type === "numeric" && style !== undefined && isWritten(at) ? [style] : [])));
  const [common] = styles.size === 1 ? styles : [];
  const isText = (at: number): boolean => texts[at]?.some((text, row) => text !== null && !isJson(at, row)) === true;
  return inferred.map((column, at) => (common !== undefined && column.type === "numeric" && !isWritten(at) && isText(at) ? { ...column, style: common } : column));
}

/** A text whose comma or point separates thousands in this style and is the decimal mark in another; undefined if other texts of the column show the style. */
export function doubtfulText(table: RawTable, column: number, style: NumberStyle): string | undefined {
  if (style === "point") return undefined;
  const other = style === "comma" ? "point" : "comma";
  const texts = (table.columns[column] ?? []).filter((_, row) => !(table.scalars?.[column]?.[row] instanceof LosslessNumber));
  const both = texts.map((text) => ({ text, value: parseNumber(text, style), otherwise: parseNumber(text, other) })).filter(({ value }) => !Number.isNaN(value));
  if (both.some(({ otherwise }) => Number.isNaN(otherwise))) return undefined;
  return both.find(({ value, otherwise }) => value !== otherwise)?.text;
}
