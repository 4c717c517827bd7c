import type { TensorType } from "@nn/tensor/interpreter";
import type { ImageRequest } from "../compile/program-store.js";
import { importsOf } from "../emit/imported.js";
import type { MachineProgram } from "../emit/kernel-target.js";
import { GraphError } from "../errors.js";
import type { ElementwisePrimitive, Program } from "../ir/program.js";
import type { MemoryPlan } from "../memory/plan.js";
import type { BuildOptions } from "../runtime/build-options.js";
import type { Bases, PlacedProgram, ProgramImage } from "../runtime/image.js";
import type { DescribedGraph } from "./described-graph.js";
import { relocated } from "./relocations.js";
import { partKinds, type PartKind, type StoredAddress, type StoredPart, type StoredProgram } from "./stored-program.js";

/** A program as a store keeps it, with the variables, constants and host callbacks of a fresh trace. */
export class StoredImage implements ProgramImage {
  readonly isStored: boolean;
  readonly options: BuildOptions;
  readonly machine: MachineProgram | undefined;
  readonly imported: ProgramImage["imported"];
  readonly #stored: StoredProgram;
  readonly #request: ImageRequest;
  readonly #described: DescribedGraph;
  #assembled: ProgramImage | undefined;

  constructor(stored: StoredProgram, request: ImageRequest, described: DescribedGraph, isStored: boolean) {
    const { options } = request;
    this.isStored = isStored;
    this.options = options;
    this.#stored = stored;
    this.#request = request;
    this.#described = described;
    this.machine = options.target?.program({ threads: stored.threads, fused: options.fused }, []);
    const primitives = stored.imported as readonly ElementwisePrimitive[];
    this.imported = primitives.length === 0 ? undefined : { primitives, imports: importsOf(primitives.map((name) => [name, found(described.functions.get(name))])) };
  }

  get arenaBytes(): number {
    return this.#stored.arenaBytes;
  }

  get wantedThreads(): number {
    return this.#stored.wantedThreads;
  }

  get threads(): number {
    return this.#stored.threads;
  }

  get writes(): ProgramImage["writes"] {
    return this.#request.graph.writes;
  }

  get program(): Program {
    return this.#compiled.program;
  }

  get plan(): MemoryPlan {
    return this.#compiled.plan;
  }

  place(bases: Bases): PlacedProgram {
    const stored = this.#stored;
    const { graph } = this.#request;
    const begins = stored.parts.map((part) => this.#baseOf(part, bases));
    const code = relocated(stored.code, stored.relocations, begins.map((base, part) => base - found(stored.parts[part]).base));
    if (code === undefined) return this.#compiled.place(bases);
    const addressOf = ({ part, offset }: StoredAddress): number => found(begins[part]) + offset;
    const site = (address: StoredAddress, type: TensorType | undefined): { readonly type: TensorType; readonly address: number } => ({ type: found(type), address: addressOf(address) });
    return {
      code,
      machine: stored.machineKernels.map(({ position, code: number, addresses }) => ({ position, code: found(stored.machineCode[number]), addresses: addresses.map(addressOf) })),
      inputs: stored.inputIndices.map((index, at) => ({ index, ...site(found(stored.inputs[at]), this.#described.inputs.get(index)) })),
      hostCallbacks: graph.hostCallbacks.map(({ type, attributes: { callback } }, at) => ({ callback, ...site(found(stored.hostCallbacks[at]), type) })),
      outputs: graph.outputs.map(({ type }, at) => site(found(stored.outputs[at]), type)),
    };
  }

  get #compiled(): ProgramImage {
    return (this.#assembled ??= this.#request.assemble());
  }

  #baseOf({ kind, number }: StoredPart, bases: Bases): number {
    const { variables, constants } = this.#described;
    const { engine, options: { features } } = this.#request;
    const of: { readonly [K in PartKind]: () => number } = {
      nothing: () => 0,
      arena: () => bases.arena,
      fault: () => bases.fault,
      barrier: () => features.threads.team(engine, this.threads).barrier.address,
      variable: () => bases.variable(found(variables[number])),
      constant: () => {
        const { data, type } = found(constants[number]);
        return bases.constant(data, type);
      },
    };
    return of[found(partKinds[kind])]();
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new GraphError("a stored program does not fit its graph");
  return value;
}
