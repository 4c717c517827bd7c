import { GraphError } from "../errors.js";
import { at } from "../ir/at.js";
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
  const live = [...plan.offsets].flatMap(([buffer, start]) => {
    const [from, to] = [first.get(buffer), last.get(buffer)];
    return from === undefined || to === undefined ? [] : [{ buffer, start, end: start + reservedBytes(buffer), from, to }];
  });
  requireDisjoint(live);
}

/** A buffer in its place, and the kernels between which it is in use. */
interface Live {
  readonly buffer: Buffer;
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** Goes through the program. What is in use at the same time is kept in the order of its place, so that only neighbours have to be compared. */
function requireDisjoint(live: readonly Live[]): void {
  const events = live.flatMap((each) => [{ time: each.from, each, begins: true }, { time: each.to + 1, each, begins: false }]);
  const inUse: Live[] = [];
  for (const { each, begins } of events.toSorted((a, b) => a.time - b.time || Number(a.begins) - Number(b.begins))) {
    const index = positionOf(inUse, each.start);
    if (!begins) {
      inUse.splice(index, 1);
      continue;
    }
    for (const other of [inUse[index - 1], inUse[index]]) {
      if (other !== undefined && other.start < each.end && each.start < other.end) {
        throw new GraphError(`buffers ${other.buffer.id} and ${each.buffer.id} are in use together and overlap`);
      }
    }
    inUse.splice(index, 0, each);
  }
}

/** The position of the first buffer that begins at `start` or later. */
function positionOf(sorted: readonly Live[], start: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(sorted, middle).start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
