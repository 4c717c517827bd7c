import { type FieldKinds, requireArgument, requireFields } from "../arguments.js";
import { ByteWriter } from "./byte-writer.js";
import type { ModuleContext } from "./code-writer.js";
import { FunctionBuilder, type FunctionResult } from "./function-builder.js";
import { FunctionHandle, type ParameterLocals, type Parameters } from "./functions.js";
import { AssemblerError, codeOf, type Feature, type ValueType } from "./types.js";

/** The linear memory of a module. Sizes are in pages of 64 KiB. */
export interface MemoryDeclaration {
  /** Imports the memory under this module and name. Default: the module has its own. */
  readonly import?: readonly [module: string, name: string];
  /** Exports the memory under this name. */
  readonly export?: string;
  /** The smallest size. Default 1. */
  readonly initial?: number;
  /** The largest size. Default: none; for a shared memory, which requires one, 65536 (4 GiB). */
  readonly maximum?: number;
  /** Whether threads share it. Default false. */
  readonly shared?: boolean;
}

/** Options of a module. */
export interface ModuleOptions {
  /** The memory. Default: none. */
  readonly memory?: MemoryDeclaration;
  /** The features that the code may use. Writing an instruction that needs another one is an error. Default: all. */
  readonly features?: readonly Feature[];
}

/** A function to be defined. */
export interface FunctionDeclaration<P extends Parameters, R extends ValueType | "void"> {
  /** The name in stack traces and profiles. */
  readonly name: string;
  /** Names and types of the parameters, in order. Default: none. */
  readonly params?: P;
  /** The type of the result. Default: "void". */
  readonly result?: R;
  /** Whether to export the function: under its name if `true`, or under the given name. Default false. */
  readonly export?: boolean | string;
}

/** A function that the importer provides. */
export interface FunctionImport<P extends Parameters, R extends ValueType | "void"> {
  readonly import: readonly [module: string, name: string];
  readonly params?: P;
  readonly result?: R;
}

const allFeatures: readonly Feature[] = ["simd", "relaxed-simd", "threads"];
const optionKinds: FieldKinds<ModuleOptions> = { memory: "object | undefined", features: "array | undefined" };
const memoryKinds: FieldKinds<MemoryDeclaration> = {
  import: "array | undefined", export: "string | undefined", initial: "number | undefined", maximum: "number | undefined", shared: "boolean | undefined",
};
const functionKind = 0;
const memoryKind = 2;
const maximumPages = 65536;

/** The entries of a section. */
class Section extends ByteWriter {
  readonly #id: number;
  count = 0;

  constructor(id: number) {
    super();
    this.#id = id;
  }

  /** Starts a new entry. */
  entry(): this {
    this.count++;
    return this;
  }

  /** Appends the section to a module, if it has entries. */
  writeTo(out: ByteWriter): void {
    if (this.count === 0) return;
    const count = new ByteWriter(5);
    count.u32(this.count);
    out.byte(this.#id);
    out.u32(count.length + this.length);
    out.append(count);
    out.append(this);
  }
}

/**
 * Builds a WebAssembly module.
 *
 * @example
 * ```ts
 * import { f32x4, i32, ModuleBuilder, v128 } from "@nn/wasm";
 *
 * const module = new ModuleBuilder({ memory: { export: "memory" } });
 * const params = { x: "i32", n: "i32", factor: "f32" } as const;
 * // x[i] = factor x[i]; n is a multiple of 4, x an address in bytes
 * module.function({ name: "scale", params, export: true }, (b, { x, n, factor }) => {
 *   const factors = b.let(f32x4.splat(factor));
 *   b.forRange(0, n, 4, (i) => {
 *     const address = b.let(i32.add(x, i32.shl(i, 2)));
 *     b.v128.store(address, f32x4.mul(v128.load(address), factors));
 *   });
 * });
 * WebAssembly.validate(module.finish()); // => true
 * ```
 */
export class ModuleBuilder {
  readonly #context: ModuleContext;
  readonly #types = new Section(1);
  readonly #imports = new Section(2);
  readonly #functions = new Section(3);
  readonly #memories = new Section(5);
  readonly #exports = new Section(7);
  readonly #code = new Section(10);
  /** The names of the functions, imported ones first, for the custom section "name". */
  readonly #names = new Section(1);
  readonly #typeIndices = new Map<string, number>();
  readonly #exportNames = new Set<string>();
  readonly #scratch = new ByteWriter();

  constructor(options: ModuleOptions = {}) {
    requireFields("ModuleBuilder", options, optionKinds);
    const { memory, features = allFeatures } = options;
    for (const feature of features) requireArgument("ModuleBuilder", "features", feature, allFeatures);
    this.#context = { hasMemory: memory !== undefined, allowed: new Set(features), used: new Set() };
    if (memory === undefined) return;
    requireFields("ModuleBuilder", memory, memoryKinds);
    if (memory.shared === true) this.#context.used.add("threads");
    const { import: from } = memory;
    writeLimits(from === undefined ? this.#memories.entry() : this.#importEntry(from, memoryKind), memory);
    if (memory.export !== undefined) this.#export(memory.export, memoryKind, 0);
  }

  /** The features that the code written so far needs. */
  get features(): readonly Feature[] {
    return allFeatures.filter((feature) => this.#context.used.has(feature));
  }

  /** Declares a function that the importer provides. Declare all of them before the first `function`. */
  importFunction<const P extends Parameters = Record<never, never>, R extends ValueType | "void" = "void">(
    declaration: FunctionImport<P, R>,
  ): FunctionHandle<P, R>;
  importFunction(declaration: FunctionImport<Parameters, ValueType | "void">) {
    const { import: from, params = {}, result = "void" } = declaration;
    const name = from.join(".");
    if (this.#code.count > 0) {
      throw new AssemblerError(`importFunction: ${name} comes after the first function; import before defining`);
    }
    const entry = this.#importEntry(from, functionKind);
    entry.u32(this.#typeIndex(params, result));
    return new FunctionHandle(name, params, result, this.#functionIndex(name), this.#context);
  }

  /**
   * Defines a function. `body` writes its statements and returns its result, if it has one. It may define further
   * functions meanwhile. A function can be called from functions that are finished later.
   */
  function<const P extends Parameters = Record<never, never>, R extends ValueType | "void" = "void">(
    declaration: FunctionDeclaration<P, R>,
    body: (b: FunctionBuilder<R>, params: ParameterLocals<P>) => FunctionResult<NoInfer<R>>,
  ): FunctionHandle<P, R>;
  function(
    declaration: FunctionDeclaration<Parameters, ValueType | "void">,
    body: (
      b: FunctionBuilder<ValueType | "void">,
      params: ParameterLocals<Parameters>,
    ) => FunctionResult<ValueType | "void">,
  ): FunctionHandle<Parameters, ValueType | "void"> {
    requireArgument("function", "body", body, "function");
    const { name, params = {}, result = "void", export: exported = false } = declaration;
    const type = this.#typeIndex(params, result);
    const builder = new FunctionBuilder(this.#context, Object.keys(params).length, result);
    const value = body(builder, builder.parameterLocals(params));
    const entry = this.#code.entry();
    builder.finish(value, entry, this.#scratch);
    this.#functions.entry().u32(type);
    const index = this.#functionIndex(name);
    if (exported !== false) this.#export(exported === true ? name : exported, functionKind, index);
    return new FunctionHandle(name, params, result, index, this.#context);
  }

  /** The module in the binary format (Core Specification, §5.5). You may add more to the builder and call it again. */
  finish(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(this.#code.length + 1024);
    out.bytes([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    const declared = [this.#types, this.#imports, this.#functions, this.#memories, this.#exports];
    for (const section of [...declared, this.#code]) section.writeTo(out);
    if (this.#names.count > 0) {
      const custom = new ByteWriter();
      custom.text("name");
      this.#names.writeTo(custom);
      out.byte(0);
      out.u32(custom.length);
      out.append(custom);
    }
    return out.toBytes();
  }

  #importEntry([module, name]: readonly [string, string], kind: number): ByteWriter {
    const entry = this.#imports.entry();
    entry.text(module);
    entry.text(name);
    entry.byte(kind);
    return entry;
  }

  #export(name: string, kind: number, index: number): void {
    if (this.#exportNames.has(name)) throw new AssemblerError(`export: the name "${name}" is exported already`);
    this.#exportNames.add(name);
    const entry = this.#exports.entry();
    entry.text(name);
    entry.byte(kind);
    entry.u32(index);
  }

  /** Index of a function type. A new type is declared. */
  #typeIndex(params: Parameters, result: ValueType | "void"): number {
    const types = Object.values(params);
    const key = `${types.join(" ")} -> ${result}`;
    const known = this.#typeIndices.get(key);
    if (known !== undefined) return known;
    const index = this.#types.count;
    const entry = this.#types.entry();
    entry.byte(0x60);
    entry.u32(types.length);
    for (const type of types) entry.byte(codeOf("function", type));
    entry.u32(result === "void" ? 0 : 1);
    if (result !== "void") entry.byte(codeOf("function", result));
    this.#typeIndices.set(key, index);
    return index;
  }

  /** Index of a new function; its name is kept for stack traces (Core Specification, appendix §7.4). */
  #functionIndex(name: string): number {
    const index = this.#names.count;
    const entry = this.#names.entry();
    entry.u32(index);
    entry.text(name);
    return index;
  }
}

/** Limits of a memory (Core Specification, §5.3.8, and the threads proposal for shared ones). */
function writeLimits(out: ByteWriter, declaration: MemoryDeclaration): void {
  const { initial = 1, shared = false, maximum = shared ? maximumPages : undefined } = declaration;
  const valid = (pages: number): boolean => Number.isInteger(pages) && pages >= 0 && pages <= maximumPages;
  if (!valid(initial) || (maximum !== undefined && (!valid(maximum) || maximum < initial))) {
    throw new AssemblerError(
      `ModuleBuilder: expected a memory of 0 <= initial <= maximum <= ${maximumPages} pages, got initial ${initial}, maximum ${maximum}`,
    );
  }
  out.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0));
  out.u32(initial);
  if (maximum !== undefined) out.u32(maximum);
}
