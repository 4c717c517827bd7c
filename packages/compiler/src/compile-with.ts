import { UsageError, type Tensor } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter } from "@nn/tensor/interpreter";
import { lower } from "./lower/lower.js";
import { removeCoveredChecks } from "./passes/covered-checks.js";
import { reuseActivation } from "./passes/reuse-activation.js";
import { simplify } from "./passes/simplify.js";
import { requirePart, requireParts, rewritesOf } from "./parts/requirements.js";
import type { Parts } from "./parts/part.js";
import type { Profile } from "./diagnostics/profile.js";
import { sharedEngine } from "./runtime/engine.js";
import { Executable } from "./runtime/executable.js";
import { fill, formatPattern, matches, patternOf, type Pattern } from "./runtime/pattern.js";
import { explainRecompilation, manyPrograms } from "./runtime/recompilation.js";
import type { Graph } from "./ir/graph.js";
import type { Program } from "./ir/program.js";
import { trace, type Guard } from "./trace/trace.js";

/** Options of `compile`. */
export interface CompileOptions {
  /** How many programs, one for each signature of arguments, are kept; the least recently used goes first. Default 16. */
  readonly cacheSize?: number;
  /**
   * Whether multiplication and addition may be rounded once together where the engine offers that: faster, and more exact, but not the
   * same bits on every machine. Default true.
   */
  readonly relaxedSimd?: boolean;
  /**
   * On how many threads programs run; the results are the same bits with any number. Default: one for programs of less than 100
   * million operations, else 2 where the machine can run as many at the same time. Where there are no threads, one; so for programs
   * with elementary functions of float64 (exp, pow, …), which are JavaScript's: only the calling thread has them.
   */
  readonly threads?: number;
  /** Told once where a function is compiled over and over, with what changes from call to call and how to avoid it. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
}

const compileOptions: OptionKinds<CompileOptions> = { cacheSize: "count", relaxedSimd: "boolean", threads: "count", onWarning: "function" };

/** A function that runs as WebAssembly, and what can be asked of it. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): R;
  /** What was built for the last call: kernels with shapes and costs, what was fused, memory before and after planning. */
  explain(): string;
  /** Runs once on `args` and times each kernel. */
  profile(...args: A): Profile;
  /** Gives the memory of all programs back. A later call builds anew. */
  dispose(): void;
}

/** A program with the conditions under which it holds. */
interface Entry {
  readonly pattern: Pattern;
  readonly result: Pattern;
  readonly guards: readonly Guard[];
  readonly executable: Executable;
}

/** What must be released when a compiled function is collected. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<Cache>((cache) => cache.clear());

/** The programs of one function, the most recently used first. */
class Cache {
  readonly #limit: number;
  #entries: Entry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get latest(): Entry | undefined {
    return this.#entries[0];
  }

  find(args: readonly unknown[], leaves: Tensor[]): Entry | undefined {
    for (const [at, entry] of this.#entries.entries()) {
      leaves.length = 0;
      if (!matches(entry.pattern, args, leaves) || !entry.guards.every(({ read, value }) => Object.is(read(), value))) continue;
      if (at > 0) this.#entries.unshift(...this.#entries.splice(at, 1));
      return entry;
    }
    leaves.length = 0;
    return undefined;
  }

  add(entry: Entry): void {
    this.#entries.unshift(entry);
    for (const old of this.#entries.splice(this.#limit)) old.executable.dispose();
  }

  /** What there is, for people. */
  get summary(): string {
    const [latest] = this.#entries;
    if (latest === undefined) return "no program yet";
    const { executable: { plan: { kernels } }, pattern } = latest;
    const others = this.#entries.length > 1 ? `; ${this.#entries.length} programs in all` : "";
    return `${formatPattern(pattern)} in ${kernels.length} kernel${kernels.length === 1 ? "" : "s"}${others}; explain() lists them`;
  }

  clear(): void {
    for (const entry of this.#entries.splice(0)) entry.executable.dispose();
  }
}

/** What `console.log` of Node, Deno and Bun asks for. */
const inspect = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

function warn(message: string): void {
  // oxlint-disable-next-line eslint/no-console -- a person is to see it, and `onWarning` takes it elsewhere
  console.warn(message);
}

/** A compiler: makes one WebAssembly function of a function over tensors. */
export type Compile = <A extends readonly unknown[], R>(fn: (...args: A) => R, options?: CompileOptions) => Compiled<A, R>;

/** What `compile` does, with the parts of one compiler. */
export function compileWith<A extends readonly unknown[], R>(parts: Parts, fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  if (typeof fn !== "function") throw new UsageError(`compile: got ${describeValue(fn)}, expected a function over tensors`);
  requireOptions("compile", options, compileOptions);
  if (options.threads !== undefined && options.threads !== 1) requirePart(parts, "threads").requireCount(options.threads);
  const cache = new Cache(options.cacheSize ?? 16);
  const leaves: Tensor[] = [];
  let programs = 0;
  const entryFor = (args: A): Entry => {
    const known = cache.find(args, leaves);
    if (known !== undefined) return known;
    const built = build(parts, fn, args, leaves, options);
    const { latest } = cache;
    programs += 1;
    if (latest !== undefined && programs === Math.max(manyPrograms, options.cacheSize ?? 0) + 1) {
      (options.onWarning ?? warn)(explainRecompilation(programs, built.pattern, latest.pattern));
    }
    cache.add(built);
    return built;
  };
  const call = (...args: A): R => {
    if (currentInterpreter() !== eagerInterpreter()) return fn(...args);
    const { executable, result } = entryFor(args);
    const outputs = executable.run(leaves);
    let at = 0;
    return fill(result, () => outputs[at++] ?? missing()) as R;
  };
  const compiled = Object.assign(call, {
    explain: (): string => {
      const diagnostics = requirePart(parts, "diagnostics");
      const entry = cache.latest;
      return entry === undefined ? "nothing was compiled yet: call the function first" : diagnostics.explain(entry.executable, entry.pattern);
    },
    profile: (...args: A): Profile => {
      const diagnostics = requirePart(parts, "diagnostics");
      const { executable } = entryFor(args);
      return diagnostics.profile(executable, leaves);
    },
    dispose: (): void => cache.clear(),
    [inspect]: (): string => `compile(${fn.name || "function"}): ${cache.summary}`,
  });
  abandoned.register(compiled, cache);
  return compiled;
}

function build<A extends readonly unknown[], R>(parts: Parts, fn: (...args: A) => R, args: A, leaves: Tensor[], options: CompileOptions): Entry {
  leaves.length = 0;
  const pattern = patternOf(args, leaves, "arguments");
  let result: Pattern = { kind: "static", value: undefined };
  const traced = trace(
    leaves.map(({ shape, dtype }) => ({ shape, dtype })),
    (tensors) => {
      let at = 0;
      return fn(...(fill(pattern, () => tensors[at++] ?? missing()) as A));
    },
    (returned) => {
      const tensors: Tensor[] = [];
      result = patternOf(returned, tensors, "the result");
      return tensors;
    },
  );
  const engine = sharedEngine();
  const relaxedSimd = options.relaxedSimd !== false && engine.features.relaxedSimd;
  const executable = new Executable(programOf(traced.graph, parts), engine, { relaxedSimd, threads: options.threads, parts });
  return { pattern, result, guards: traced.guards, executable };
}

/** All passes from the graph to the kernels. */
function programOf(traced: Graph, parts: Parts): Program {
  const { diagnostics } = parts;
  const graph = [simplify, ...rewritesOf(parts), reuseActivation, removeCoveredChecks].reduce((before, pass) => {
    const after = pass(before);
    diagnostics?.checkGraph(after);
    return after;
  }, traced);
  requireParts(graph, parts);
  const program = lower(graph);
  diagnostics?.checkProgram(program);
  return program;
}

function missing(): never {
  throw new RangeError("a program gave fewer tensors than its result has");
}
