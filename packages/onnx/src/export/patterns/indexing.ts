import { int } from "../attributes.js";
import { isOf } from "../graph.js";
import { sameSizes } from "../size.js";
import type { Pattern } from "./pattern.js";

/** Rows of a table at an index of any shape are `Gather`, without a reshape of the index to a column and of the rows back. */
export const lookUp: Pattern = (node, { isUsedOnce }) => {
  const rows = isOf(node, "reshape") && isUsedOnce(node.inputs[0]) ? node.inputs[0] : node;
  if (!isOf(rows, "gather") || rows.attributes.axis !== 0) return undefined;
  const [table, column] = rows.inputs;
  if (table.type.shape.length !== 2 || column.type.shape[1] !== 1 || !isOf(column, "reshape")) return undefined;
  const [index] = column.inputs;
  if (!sameSizes(node.type.shape, [...index.type.shape, ...table.type.shape.slice(1)])) return undefined;
  return { operands: [table, index], write: (writer, names) => writer.op("Gather", names, { axis: int(0) }) };
};

/** Whole rows at known positions are `Gather` with a list of them. */
export const gatherRows: Pattern = (node, { constantOf }) => {
  if (!isOf(node, "gather")) return undefined;
  const [x, index] = node.inputs;
  const { axis } = node.attributes;
  const positions = constantOf(index);
  if (typeof axis !== "number" || positions === undefined || positions.shape.some((size, at) => at !== axis && size !== 1)) return undefined;
  return { operands: [x], write: (writer, [rows = ""]) => writer.op("Gather", [rows, writer.constant(positions.reshape([positions.size]))], { axis: int(axis) }) };
};
