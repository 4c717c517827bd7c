import { contraction } from "./contraction.js";
import { elementwise } from "./elementwise.js";
import { movement } from "./movement.js";
import type { Operator } from "./operator.js";
import { recurrent } from "./recurrent.js";
import { reduction } from "./reduction.js";

/** The operators of ONNX that can be read, by name. */
export const operators: ReadonlyMap<string, Operator> = new Map(Object.entries({ ...elementwise, ...movement, ...reduction, ...contraction, ...recurrent }));
