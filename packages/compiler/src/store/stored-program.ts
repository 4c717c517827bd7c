import { bytes, decoded, encoded, listOf, recordOf, text, u32 } from "./codec.js";
import { hashOf } from "./hash.js";

/** The kinds of what lies in one piece in memory: nothing, for addresses that are the same everywhere, then what `Bases` names. */
export const partKinds = ["nothing", "arena", "fault", "barrier", "variable", "constant"] as const;
export type PartKind = (typeof partKinds)[number];

/** What lies in one piece in memory, and where it lay when the code was written. */
export interface StoredPart {
  /** Its position among `partKinds`. */
  readonly kind: number;
  /** Which of the variables or constants of the graph it is. */
  readonly number: number;
  readonly base: number;
}

/** An address: some bytes beyond where a part begins. */
export interface StoredAddress {
  readonly part: number;
  readonly offset: number;
}

/** A number in the code to which the base of a part was added: five bytes of LEB128, `distance` bytes after the one before. */
export interface Relocation {
  readonly distance: number;
  readonly part: number;
}

export interface StoredKernel {
  readonly position: number;
  readonly code: number;
  readonly addresses: readonly StoredAddress[];
}

/** A program as it is kept: all of it that does not come from the trace. Variables, constants, host callbacks and guards are those of the fresh trace, by position. */
export interface StoredProgram {
  readonly wantedThreads: number;
  readonly threads: number;
  /** 1 if the calling thread may sleep at a barrier. */
  readonly callerMaySleep: number;
  /** The elementary functions of JavaScript that it calls. */
  readonly imported: readonly string[];
  readonly arenaBytes: number;
  readonly parts: readonly StoredPart[];
  /** For each input that is read, its position among the tensors of the call. */
  readonly inputIndices: readonly number[];
  readonly inputs: readonly StoredAddress[];
  readonly hostCallbacks: readonly StoredAddress[];
  readonly outputs: readonly StoredAddress[];
  readonly machineCode: readonly Uint8Array[];
  readonly machineKernels: readonly StoredKernel[];
  readonly relocations: readonly Relocation[];
  readonly code: Uint8Array;
}

const address = /* @__PURE__ */ recordOf<StoredAddress>({ part: u32, offset: u32 });

const storedProgram = /* @__PURE__ */ recordOf<StoredProgram>({
  wantedThreads: u32,
  threads: u32,
  callerMaySleep: u32,
  imported: /* @__PURE__ */ listOf(text),
  arenaBytes: u32,
  parts: /* @__PURE__ */ listOf(/* @__PURE__ */ recordOf<StoredPart>({ kind: u32, number: u32, base: u32 })),
  inputIndices: /* @__PURE__ */ listOf(u32),
  inputs: /* @__PURE__ */ listOf(address),
  hostCallbacks: /* @__PURE__ */ listOf(address),
  outputs: /* @__PURE__ */ listOf(address),
  machineCode: /* @__PURE__ */ listOf(bytes),
  machineKernels: /* @__PURE__ */ listOf(/* @__PURE__ */ recordOf<StoredKernel>({ position: u32, code: u32, addresses: /* @__PURE__ */ listOf(address) })),
  relocations: /* @__PURE__ */ listOf(/* @__PURE__ */ recordOf<Relocation>({ distance: u32, part: u32 })),
  code: bytes,
});

/** An entry of a store: the key of a program, the program, and the hash of both. */
interface Entry {
  readonly hash: string;
  readonly content: Uint8Array;
}

interface Content {
  readonly key: string;
  readonly program: StoredProgram;
}

const entry = /* @__PURE__ */ recordOf<Entry>({ hash: text, content: bytes });
const content = /* @__PURE__ */ recordOf<Content>({ key: text, program: storedProgram });

export function encodeEntry(key: string, program: StoredProgram): Uint8Array {
  const inside = encoded(content, { key, program });
  return encoded(entry, { hash: hashOf(inside), content: inside }).slice();
}

/** The program of an entry; `undefined` if it is damaged or has another key. */
export function decodeEntry(key: string, from: Uint8Array): StoredProgram | undefined {
  try {
    const { hash, content: inside } = decoded(entry, from);
    if (hash !== hashOf(inside)) return undefined;
    const found = decoded(content, inside);
    return found.key === key ? found.program : undefined;
  } catch {
    return undefined;
  }
}
