import type { TypedArray, Variable } from "@nn/tensor";
import type { TensorType } from "@nn/tensor/interpreter";
import { reservedBytes } from "../memory/plan.js";
import type { Bases } from "../runtime/image.js";
import type { ThreadTeam } from "../runtime/threads.js";

/** What lies in one piece in memory. */
export type Part = "arena" | "fault" | "barrier" | Variable | TypedArray;

/** Numbers from here to below 2^31 take five bytes as LEB128, signed and unsigned alike. */
const start = 0x10000000;
export const end = 0x80000000;

/** More than each of the parts of fixed size has. */
const fixedBytes = 4096;

const granule = 64;

/** Addresses for a program that does not run: parts lie one after another in the order in which they are first asked for. */
export class VirtualMemory implements Bases {
  /** Where each part begins. */
  readonly bases = new Map<Part, number>();
  readonly #arenaBytes: number;
  readonly #team: ThreadTeam | undefined;
  readonly #gap: (part: number) => number;
  #next = start;

  /** `gap`: how many bytes stay free before a part, by its number; a multiple of 64. */
  constructor(arenaBytes: number, team: ThreadTeam | undefined, gap: (part: number) => number) {
    this.#arenaBytes = arenaBytes;
    this.#team = team;
    this.#gap = gap;
  }

  get arena(): number {
    return this.#baseOf("arena", this.#arenaBytes);
  }

  get fault(): number {
    return this.#baseOf("fault", fixedBytes);
  }

  get barriers(): Bases["barriers"] {
    const team = this.#team;
    return team && ((kernels, memory) => team.barriers(kernels, memory, { ...team.barrier, address: this.#baseOf("barrier", fixedBytes) }));
  }

  /** Whether all addresses are below 2^31. */
  get fits(): boolean {
    return this.#next < end;
  }

  readonly variable = (variable: Variable): number => this.#baseOf(variable, reservedBytes(variable));

  readonly constant = (data: TypedArray, type: TensorType): number => this.#baseOf(data, reservedBytes(type));

  #baseOf(part: Part, bytes: number): number {
    const known = this.bases.get(part);
    if (known !== undefined) return known;
    const base = this.#next + this.#gap(this.bases.size);
    this.bases.set(part, base);
    this.#next = base + Math.ceil(bytes / granule) * granule;
    return base;
  }
}
