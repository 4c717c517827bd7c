import { GraphError } from "../errors.js";
import { readsOf, writesOf, type Buffer, type Program } from "../ir/program.js";
import { reservedBytes, type MemoryPlan } from "./plan.js";

/** Checks that buffers that are in use at the same time do not overlap. */
export function validatePlan(program: Program, plan: MemoryPlan): void {
  const last = new Map<Buffer, number>();
  const first = new Map<Buffer, number>();
  plan.kernels.forEach((kernel, at) => {
    for (const buffer of [...readsOf(kernel), ...writesOf(kernel)]) {
      if (!first.has(buffer)) first.set(buffer, buffer.role.kind === "temporary" ? at : -1);
      last.set(buffer, at);
    }
  });
  for (const buffer of program.outputs) last.set(buffer, plan.kernels.length);
  const live = [...plan.offsets].map(([buffer, start]) => ({ buffer, start, end: start + reservedBytes(buffer), from: first.get(buffer), to: last.get(buffer) }));
  for (const [at, a] of live.entries()) {
    for (const b of live.slice(at + 1)) {
      if (a.from === undefined || a.to === undefined || b.from === undefined || b.to === undefined) continue;
      const together = a.from <= b.to && b.from <= a.to;
      if (together && a.start < b.end && b.start < a.end) throw new GraphError(`buffers ${a.buffer.id} and ${b.buffer.id} are in use together and overlap`);
    }
  }
}
