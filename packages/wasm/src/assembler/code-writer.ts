import { ByteWriter } from "./byte-writer.js";
import type { Immediates } from "./immediates.js";
import type { Instruction } from "./instruction.js";
import { AssemblerError, type Feature } from "./types.js";

/** The features that the code of one module may use, and those that it does use. */
export interface ModuleContext {
  readonly hasMemory: boolean;
  /** Features that the code may use. */
  readonly allowed: ReadonlySet<Feature>;
  /** Features that the code uses so far. */
  readonly used: Set<Feature>;
}

/** Writes the body of one function. */
export class CodeWriter extends ByteWriter {
  readonly module: ModuleContext;

  constructor(module: ModuleContext) {
    super(1024);
    this.module = module;
  }

  /** Writes the opcode of `row` and its immediates. The operands are already on the stack. */
  instruction(row: Instruction, immediates: Immediates = []): void {
    const { name, feature, prefix, code, usesMemory } = row;
    const { allowed, used, hasMemory } = this.module;
    if (feature !== undefined && !used.has(feature)) {
      if (!allowed.has(feature)) {
        const known = [...allowed].join(", ") || "none";
        throw new AssemblerError(`${name} needs ${feature}, which this module may not use (allowed features: ${known})`);
      }
      used.add(feature);
    }
    if (usesMemory && !hasMemory) {
      throw new AssemblerError(`${name}: this module has no memory; give ModuleBuilder the option \`memory\``);
    }
    if (prefix === 0) {
      this.byte(code);
    } else {
      this.byte(prefix);
      this.u32(code);
    }
    for (const immediate of immediates) this.u32(immediate);
  }
}
