import { sameType, type Graph } from "../ir/graph.js";
import type { PlacedProgram, ProgramImage, Site } from "../runtime/image.js";
import type { ThreadTeam } from "../runtime/threads.js";
import type { DescribedGraph } from "./described-graph.js";
import { findRelocations } from "./relocations.js";
import { partKinds, type PartKind, type StoredAddress, type StoredPart, type StoredProgram } from "./stored-program.js";
import { VirtualMemory, type Part } from "./virtual-memory.js";

/** Distances between parts of the second place that no two parts have in common, nor twice of another: multiplicative hashing (D. Knuth, The Art of Computer Programming, section 6.4). */
const spread = (part: number): number => 64 * (1 + (Math.imul(part + 1, 0x9e3779b1) >>> 20));

/** The parts of a program in two places, and which of them an address belongs to. */
class Parts {
  readonly stored: readonly StoredPart[];
  readonly #byDistance: ReadonlyMap<number, number>;

  constructor(here: VirtualMemory, there: VirtualMemory, graph: DescribedGraph) {
    const nothing: StoredPart = { kind: partKinds.indexOf("nothing"), number: 0, base: 0 };
    const parts = Array.from(here.bases, ([part, base]) => ({ base, ...named(part, graph), distance: (there.bases.get(part) ?? 0) - base }));
    this.stored = [nothing, ...parts.map(({ kind, number, base }) => ({ kind: partKinds.indexOf(kind), number, base }))];
    this.#byDistance = new Map([[0, 0], ...parts.map(({ distance }, at) => [distance, at + 1] as const)]);
  }

  at(distance: number): number | undefined {
    return this.#byDistance.get(distance);
  }

  /** An address that is known in both places. */
  address(here: number, there: number): StoredAddress {
    const part = this.at(there - here) ?? 0;
    return { part, offset: here - (this.stored[part]?.base ?? 0) };
  }
}

function named(part: Part, { variables, constants }: DescribedGraph): { readonly kind: PartKind; readonly number: number } {
  if (typeof part === "string") return { kind: part, number: 0 };
  const variable = variables.findIndex((each) => each === part);
  return variable >= 0 ? { kind: "variable", number: variable } : { kind: "constant", number: constants.findIndex(({ data }) => data === part) };
}

/** A program as it is kept: placed twice, to see what depends on the place. `undefined` if a part of it does not come from the trace, or it is too large. */
export function storeProgram(image: ProgramImage, graph: Graph, described: DescribedGraph, team: ThreadTeam | undefined): StoredProgram | undefined {
  const here = new VirtualMemory(image.arenaBytes, team, () => 0);
  const there = new VirtualMemory(image.arenaBytes, team, spread);
  const [placed, other] = [image.place(here), image.place(there)];
  if (!there.fits || !comesFromTrace(image, placed, graph, described)) return undefined;
  const parts = new Parts(here, there, described);
  const relocations = findRelocations(placed.code, other.code, (distance) => parts.at(distance));
  if (relocations === undefined || parts.stored.some(({ number }) => number < 0)) return undefined;
  const addresses = (sites: readonly Site[], others: readonly Site[]): StoredAddress[] => sites.map(({ address }, at) => parts.address(address, others[at]?.address ?? 0));
  const machineCode = [...new Set(placed.machine.map(({ code }) => code))];
  return {
    wantedThreads: image.wantedThreads,
    threads: image.threads,
    callerMaySleep: team?.barrier.callerMaySleep === true ? 1 : 0,
    imported: image.imported?.primitives ?? [],
    arenaBytes: image.arenaBytes,
    parts: parts.stored,
    inputIndices: placed.inputs.map(({ index }) => index),
    inputs: addresses(placed.inputs, other.inputs),
    hostCallbacks: addresses(placed.hostCallbacks, other.hostCallbacks),
    outputs: addresses(placed.outputs, other.outputs),
    machineCode,
    machineKernels: placed.machine.map(({ position, code, addresses: own }, at) => ({
      position, code: machineCode.indexOf(code), addresses: own.map((address, each) => parts.address(address, other.machine[at]?.addresses[each] ?? 0)),
    })),
    relocations,
    code: placed.code,
  };
}

/** Whether the host callbacks, the types of inputs and results, and the functions of JavaScript of a program are those of its graph. */
function comesFromTrace(image: ProgramImage, { inputs, hostCallbacks, outputs }: PlacedProgram, graph: Graph, { inputs: types, functions }: DescribedGraph): boolean {
  return inputs.every(({ index, type }) => sameType(types.get(index) ?? { shape: [-1], dtype: "bool" }, type))
    && hostCallbacks.length === graph.hostCallbacks.length && graph.hostCallbacks.every(({ attributes }, at) => attributes.callback === hostCallbacks[at]?.callback)
    && outputs.length === graph.outputs.length && outputs.every(({ type }, at) => sameType(graph.outputs[at]?.type ?? { shape: [-1], dtype: "bool" }, type))
    && (image.imported?.primitives ?? []).every((primitive) => functions.has(primitive));
}
