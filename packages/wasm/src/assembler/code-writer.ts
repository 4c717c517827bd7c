import { ByteWriter } from "./byte-writer.js";
import type { Instruction } from "./instruction.js";
import { AssemblerError, type Feature } from "./types.js";

/** What one module lets its code use, and what its code did use. */
export interface ModuleContext {
  readonly hasMemory: boolean;
  /** Features that the code may use. */
  readonly allowed: ReadonlySet<Feature>;
  /** Features that the code did use. */
  readonly used: Set<Feature>;
}

/** The body of one function while it is written. */
export class CodeWriter extends ByteWriter {
  readonly module: ModuleContext;
  /** Saves asking again for each of a row of vector instructions. */
  #lastFeature: Feature | undefined;

  constructor(module: ModuleContext) {
    super(1024);
    this.module = module;
  }

  /** Writes the opcode of `row`; its operands are on the stack already, its immediates follow. */
  instruction(row: Instruction): void {
    if (row.feature !== undefined && row.feature !== this.#lastFeature) this.#require(row.feature, row.name);
    if (row.prefix === 0) {
      this.byte(row.code);
    } else {
      this.byte(row.prefix);
      this.u32(row.code);
    }
  }

  /** Refuses an instruction on memory in a module that has none. */
  requireMemory(name: string): void {
    if (this.module.hasMemory) return;
    throw new AssemblerError(`${name}: this module has no memory; give ModuleBuilder the option \`memory\``);
  }

  #require(feature: Feature, name: string): void {
    if (!this.module.allowed.has(feature)) {
      const allowed = [...this.module.allowed].join(", ") || "none";
      throw new AssemblerError(
        `${name} needs ${feature}, which this module may not use (allowed features: ${allowed})`,
      );
    }
    this.module.used.add(feature);
    this.#lastFeature = feature;
  }
}
