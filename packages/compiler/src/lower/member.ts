import type { TensorType } from "@nn/tensor/interpreter";
import type { Affine, View } from "../ir/affine.js";
import type { Node } from "../ir/graph.js";
import type { Buffer } from "../ir/program.js";

/** Where the elements of a member come from. */
export type Source =
  /** The member computes the node. */
  | { readonly node: Node }
  /** The elements of a node, which has a buffer or is computed where it is read. */
  | { readonly copyOf: Node }
  /** One number, as often as the type has elements. */
  | { readonly fill: number; readonly type: TensorType };

/** One result of a loop kernel, and the buffer that it is written to. */
export interface Member {
  readonly source: Source;
  readonly buffer: Buffer;
  /** The position in `buffer` of the element that `view` reads from the source. Default: its position in the source. */
  readonly position?: (view: View, loops: number) => Affine;
  /** Buffers that must have been written before. */
  readonly after?: readonly Buffer[];
}

/** The type of the elements of a source. */
export function typeOf(source: Source): TensorType {
  if ("node" in source) return source.node.type;
  return "copyOf" in source ? source.copyOf.type : source.type;
}
