import type { Primitive } from "@nn/tensor/interpreter";
import { refused, type Exporter } from "./exporter.js";

type SourcePrimitive = Extract<Primitive, "full" | "hostCallback" | "iota" | "randomBits">;

const full: Exporter<"full"> = (writer, _, { attributes: { shape, dtype, value } }) => {
  if (typeof value === "number") return shape.length === 0 ? writer.number(value, dtype) : writer.filled(shape, value, dtype);
  const number = writer.cast(writer.size(value), dtype);
  return shape.length === 0 ? number : writer.op("Expand", [number, writer.sizes(shape)]);
};

/** Counted in int64, the type of sizes. */
const iota: Exporter<"iota"> = (writer, _, { attributes: { length, dtype } }) =>
  writer.cast(writer.op("Range", [writer.int64(0), writer.size(length), writer.int64(1)]), dtype);

const random = refused("random numbers, or numbers that the program computes for every call; for dropout and the like, call eval() first");

export const source: { readonly [P in SourcePrimitive]: Exporter<P> } = { full, iota, randomBits: random, hostCallback: random };
