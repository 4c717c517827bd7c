import type { InputsOf, Primitive } from "@nn/tensor/interpreter";
import type { ApplicationNode } from "../graph.js";
import type { GraphWriter } from "../writer.js";

/** Writes a primitive: the names of its inputs, its node; returns the name of its output. */
export type Exporter<P extends Primitive> = (writer: GraphWriter, inputs: InputsOf<P, string>, node: ApplicationNode<P>) => string;

/** The operator of ONNX that does the same as a primitive. */
export const sameAs = (opType: string) => (writer: GraphWriter, inputs: readonly string[]): string => writer.op(opType, inputs);

/** A primitive that is not exported. */
export const refused = (reason: string) => (writer: GraphWriter, _: readonly string[], node: { readonly primitive: Primitive }): string => writer.refuse(`${node.primitive} (${reason})`);
