import type { PlacedKernel } from "@nn/compiler/target";
import type { LinearMemory, ProgramImports } from "@nn/wasm";
import { Assembler } from "./assembler/assembler.js";
import { Label } from "./assembler/memory.js";
import { Entries, type Convention } from "./host/entries.js";
import { ExecutableMemory } from "./host/executable-memory.js";
import { wholePages, type Host } from "./host/host.js";

/** Where a module imports the machine code of kernels from: their names in the order of the kernels. */
export const imported = { module: "native", kernel: (at: number): string => `kernel${at}` } as const;

/** Kernels and constants begin at multiples of a cache line. */
const alignment = 64;

/**
 * The imports of a program in a worker. Loading a library gives the thread the memory in which calls pass arguments.
 * `process.getBuiltinModule` works where there is no `require`.
 */
const source = /* js */ `
const { library, systemLibrary, module, kernels } = JSON.parse(argument);
const { createRequire } = process.getBuiltinModule("node:module");
const koffi = createRequire(library)(library);
koffi.load(systemLibrary);
const type = koffi.proto("void", ["int", "int"]);
return { [module]: Object.fromEntries(kernels.map(([name, address]) => [name, koffi.decode(address, type)])) };
`;

/** The code of all kernels, with an entry for each that names its table, and where the entries are. */
interface Image {
  readonly code: Uint8Array;
  readonly entries: readonly number[];
}

/** Lays out the code. Kernels of equal code share it. An entry tells the kernel which table is its own; the tables lie behind the code. */
function imageOf(kernels: readonly PlacedKernel[], convention: Convention): Image {
  const asm = new Assembler();
  const functions = new Entries(asm, convention);
  const codes = new Map<Uint8Array, Label>();
  const tables = kernels.map(() => new Label());
  const entries = kernels.map(({ code }, at) => {
    const start = asm.length;
    const target = codes.get(code) ?? new Label();
    codes.set(code, target);
    functions.enter(target, tables[at] ?? new Label());
    return start;
  });
  functions.finish();
  for (const [code, label] of codes) {
    asm.align(alignment);
    asm.place(label);
    asm.data(code);
  }
  const codeBytes = asm.length;
  let position = wholePages(codeBytes);
  kernels.forEach(({ addresses }, at) => {
    asm.placeAt(tables[at] ?? new Label(), position);
    position += 8 * addresses.length;
  });
  return { code: asm.finish(), entries };
}

/** Kernels in executable memory. */
export class LoadedKernels {
  /** Functions of (thread, threads), under the names of `imported`. */
  readonly imports: ProgramImports;
  readonly #host: Host;
  readonly #addresses: readonly number[];
  readonly #memory: LinearMemory;
  readonly #executable: ExecutableMemory;
  /** The address of the linear memory for which the tables were written. */
  #base = -1;

  /** @throws Error if the system gives no executable memory. */
  constructor(host: Host, kernels: readonly PlacedKernel[], memory: LinearMemory) {
    this.#host = host;
    this.#addresses = kernels.flatMap(({ addresses }) => addresses);
    this.#memory = memory;
    const { code, entries } = imageOf(kernels, host.convention);
    this.#executable = new ExecutableMemory(host, code, 8 * this.#addresses.length);
    const { module } = imported;
    const named = entries.map((entry, at) => [imported.kernel(at), this.#executable.code + entry] as const);
    const functions = named.map(([name, address]) => [name, host.kernel(address)] as const);
    this.imports = { here: { [module]: Object.fromEntries(functions) }, source, argument: JSON.stringify({ library: host.library, systemLibrary: host.systemLibrary, module, kernels: named }) };
    this.relocate();
  }

  /** Brings the tables up to date when the memory has grown. */
  relocate(): void {
    const base = this.#host.addressOf(new Uint8Array(this.#memory.buffer));
    if (base === this.#base) return;
    this.#base = base;
    const addresses = this.#addresses.map((address) => BigInt(base + address));
    this.#executable.writeData(new Uint8Array(BigUint64Array.from(addresses).buffer));
  }

  /** Frees the code. */
  dispose(): void {
    this.#executable.release();
  }
}
