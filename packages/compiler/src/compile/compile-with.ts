import { UsageError } from "@nn/tensor";
import { describeValue, requireOptions, requireSynchronous, type OptionKinds } from "@nn/tensor/extend";
import { currentInterpreter, eagerInterpreter } from "@nn/tensor/interpreter";
import { mergeVectors } from "@nn/wasm";
import type { ExplainOptions } from "../diagnostics/explain.js";
import type { Profile } from "../diagnostics/profile.js";
import type { KernelTarget } from "../emit/kernel-target.js";
import type { Target } from "../features/target.js";
import { sharedEngine } from "../runtime/engine.js";
import { assembled } from "../runtime/assembled.js";
import type { ProgramImage } from "../runtime/image.js";
import { Executable } from "../runtime/executable.js";
import { trace } from "../trace/trace.js";
import { passResults, programOf } from "./pipeline.js";
import { defaultTarget, requireTarget } from "./default-target.js";
import { currentReceiver, ProgramCache, receiverOf, type Hit } from "./program-cache.js";
import type { ProgramStore } from "./program-store.js";
import { explainRecompilation, manyPrograms } from "./recompilation.js";
import { flatten, unflatten, type Flattened } from "./signature.js";
import { requireUnchanged } from "./unchanged.js";

/** Options of `compile`. */
export interface CompileOptions {
  /** The number of programs that are kept, one for each signature of arguments. The least recently used is dropped first. Default 16. */
  readonly cacheSize?: number;
  /**
   * Whether a multiplication and an addition may be fused and rounded once, where the engine offers that. It is faster and more exact, but
   * results do not have the same bits on every machine. Default true.
   */
  readonly relaxedSimd?: boolean;
  /**
   * Whether products and loops are made for vectors of 256 bits, to which Node 24 and later merges pairs of 128-bit operations on x86-64 processors with AVX2. This
   * sets V8's experimental flag `--experimental-wasm-revectorize` for the whole process; elsewhere nothing changes. Results have the same bits. Default false.
   */
  readonly mergeVectors?: boolean;
  /**
   * The number of threads on which programs run. Results have the same bits with any number. Default: 1 for programs of fewer than 100 million
   * operations, otherwise 2 if the machine can run 2 at the same time. It is 1 where there are no threads, and for programs with
   * elementary functions of float64 (exp, pow, …): these are JavaScript's, and only the calling thread has them.
   */
  readonly threads?: number;
  /**
   * Runs the function this many times in one call, so that a step of a tiny network does not spend most of its time on the call. Every tensor among the
   * arguments has an axis of this length in front, of which each step gets one entry; plain values are the same for all. The tensors of the results are
   * stacked along a new axis in front. Host callbacks, such as those of learning-rate schedules, run before each step. If a step fails, the call changes
   * nothing. Default: the function runs once, on the tensors themselves.
   */
  readonly steps?: number;
  /**
   * What runs kernels as machine code: `await native()` of `@nn/native`. WebAssembly runs the kernels that it has no code for. Default: what
   * `setDefaultTarget` was last given; without it, WebAssembly runs everything.
   */
  readonly target?: KernelTarget;
  /**
   * Where compiled programs are kept between runs: `programStore(…)` of `@nn/compiler/features`. The first call of a function whose program is there only traces it
   * and loads the program. Default: programs are kept by this process only.
   */
  readonly store?: ProgramStore;
  /** Called once if a function is compiled again and again, with what changes from call to call and the fix. Default: `console.warn`. */
  readonly onWarning?: (message: string) => void;
}

const compileOptions: OptionKinds<CompileOptions> = { cacheSize: "count", relaxedSimd: "boolean", mergeVectors: "boolean", threads: "count", steps: "count", target: "any", store: "function", onWarning: "function" };

/** A function that runs as WebAssembly, and can explain and profile itself. */
export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): R;
  /** Describes the program of the last call: its kernels with shapes and costs, what was fused, memory before and after planning. */
  explain(options?: ExplainOptions): string;
  /** Runs once on `args`, with the `this` of the last call, and times each kernel. With `steps`, it runs the first step. */
  profile(...args: A): Profile;
  /** Frees the memory of all programs. The next call compiles again. */
  dispose(): void;
}

/** Frees the programs of a compiled function that is garbage-collected. */
const abandoned = /* @__PURE__ */ new FinalizationRegistry<ProgramCache>((cache) => cache.clear());

/** The method that `console.log` of Node, Deno and Bun calls. */
const inspect = /* @__PURE__ */ Symbol.for("nodejs.util.inspect.custom");

function warn(message: string): void {
  // oxlint-disable-next-line eslint/no-console -- people should see it; `onWarning` replaces it
  console.warn(message);
}

/** A compiler: turns a function over tensors into one WebAssembly function. */
export type Compile = <A extends readonly unknown[], R>(fn: (...args: A) => R, options?: CompileOptions) => Compiled<A, R>;

/** The `compile` function of a compiler with this target. */
export function compileWith<A extends readonly unknown[], R>(target: Target, fn: (...args: A) => R, options: CompileOptions = {}): Compiled<A, R> {
  if (typeof fn !== "function") throw new UsageError(`compile: got ${describeValue(fn)}, expected a function over tensors`);
  requireOptions("compile", options, compileOptions);
  if (options.target !== undefined) requireTarget("compile", options.target);
  if (options.threads !== undefined && options.threads !== 1) target.threads.requireCount(options.threads);
  const { cacheSize = 16, onWarning = warn, steps } = options;
  const cache = new ProgramCache(cacheSize);
  let programs = 0;
  const programFor = (receiver: unknown, args: A): Hit => {
    const known = cache.find(receiver, args);
    if (known !== undefined) return known;
    const { latest } = cache;
    const built = build(target, fn, receiver, args, options);
    programs += 1;
    if (latest !== undefined && programs === Math.max(manyPrograms, options.cacheSize ?? 0) + 1) {
      onWarning(explainRecompilation(programs, built.program.signature, latest.signature));
    }
    cache.add(built.program);
    return built;
  };
  const compiled = Object.assign(
    function (this: unknown, ...args: A): R {
      if (currentInterpreter() !== eagerInterpreter()) return steps === undefined ? applied(fn, this, args) : target.steps.refuseNested();
      const { program: { executable, result, guards }, tensors } = programFor(this, args);
      const results = steps === undefined ? executable.run(tensors) : target.steps.run(executable, guards, tensors, steps);
      return unflatten({ signature: result, tensors: results }) as R;
    },
    {
      explain: (listing?: ExplainOptions): string => target.diagnostics.explain(cache.latest, (traced) => passResults(traced, target), listing),
      profile: (...args: A): Profile => {
        const receiver = cache.latest === undefined ? undefined : currentReceiver(cache.latest.receiver);
        const { program, tensors } = programFor(receiver, args);
        return target.diagnostics.profile(program.executable, steps === undefined ? tensors : tensors.map(target.steps.firstEntry));
      },
      dispose: (): void => cache.clear(),
      [inspect]: (): string => `compile(${fn.name || "function"}): ${cache.summary}`,
    },
  );
  abandoned.register(compiled, cache);
  return compiled;
}

function applied<A extends readonly unknown[], R>(fn: (...args: A) => R, receiver: unknown, args: A): R {
  return requireSynchronous("compile", "the function", fn.call(receiver, ...args));
}

const flattenResult = (value: unknown): Flattened => flatten(value, "the result");

function build<A extends readonly unknown[], R>(target: Target, fn: (...args: A) => R, receiver: unknown, args: A, options: CompileOptions): Hit {
  const { signature, tensors } = flatten(args, "arguments");
  const { steps } = options;
  const own = steps === undefined ? signature : target.steps.signatureOf(signature, steps);
  const { graph, guards, result } = trace(
    tensors.map(({ shape, dtype }) => ({ shape: steps === undefined ? shape : shape.slice(1), dtype })),
    (traced) => {
      const given = unflatten({ signature: own, tensors: traced }) as A;
      const returned = applied(fn, receiver, given);
      requireUnchanged(own, traced, given);
      return returned;
    },
    (returned) => flattenResult(returned).tensors,
  );
  const engine = sharedEngine();
  const start = performance.now();
  const fused = options.relaxedSimd !== false;
  const wide = options.mergeVectors === true ? mergeVectors() : undefined;
  const building = { relaxedSimd: fused && engine.wasm.relaxedSimd, fused, wide, threads: options.threads, features: target, target: options.target ?? defaultTarget() };
  const assemble = (): ProgramImage => assembled(programOf(graph, target), engine, building);
  const image = options.store === undefined ? assemble() : options.store({ graph, engine, options: building, assemble });
  const executable = new Executable(image, engine, target.threads, start);
  const traced = target.diagnostics.keepsGraphs ? graph : undefined;
  return { program: { signature, result: flattenResult(result).signature, guards, receiver: receiverOf(receiver), executable, traced }, tensors };
}
