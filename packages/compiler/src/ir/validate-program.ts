import { sizeOf } from "@nn/tensor/extend";
import { GraphError } from "../errors.js";
import { formatType } from "./graph.js";
import { readsOf, writesOf, type Buffer, type Program } from "./program.js";

/** Checks that kernels read only what was given or written before, and that all results are written. */
export function validateProgram(program: Program): void {
  const filled = new Set(program.buffers.filter(({ role }) => role.kind !== "temporary"));
  const requireFilled = (buffer: Buffer, what: string): void => {
    if (!filled.has(buffer) && sizeOf(buffer.shape) > 0) throw new GraphError(`${what} reads buffer ${buffer.id}, ${formatType(buffer)}, before it is written`);
  };
  program.kernels.forEach((kernel, at) => {
    const name = `kernel ${at} (${kernel.label})`;
    const own = writesOf(kernel);
    for (const buffer of readsOf(kernel)) if (!own.has(buffer)) requireFilled(buffer, name);
    for (const buffer of own) {
      if (buffer.role.kind !== "temporary") throw new GraphError(`${name} writes buffer ${buffer.id}, which is a ${buffer.role.kind}`);
      filled.add(buffer);
    }
  });
  program.outputs.forEach((buffer) => requireFilled(buffer, "a result"));
  program.writes.forEach(({ from }) => requireFilled(from, "a variable"));
}
