import type { Primitive } from "@nn/tensor/interpreter";
import { contraction } from "./contraction.js";
import { elementwise } from "./elementwise.js";
import type { Exporter } from "./exporter.js";
import { indexing } from "./indexing.js";
import { movement } from "./movement.js";
import { reduction } from "./reduction.js";
import { source } from "./source.js";

/** How each primitive is written as ONNX, or why it is not. The type check fails until a new primitive has an entry. */
export const exporters: { readonly [P in Primitive]: Exporter<P> } = { ...elementwise, ...movement, ...reduction, ...contraction, ...indexing, ...source };
