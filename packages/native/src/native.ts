import { requireOptions, type OptionKinds } from "@nn/tensor/extend";
import type { KernelTarget } from "@nn/compiler/target";
import { openHost, type Host } from "./host/host.js";
import { systems } from "./host/systems.js";
import { dotProductLevelsOf, hasBfloat16, levelsOf, processorState } from "./host/processor.js";
import type { PackedInstructions } from "./packed/packed-format.js";
import { NativeTarget, WebAssemblyOnly } from "./native-target.js";
import type { LevelName } from "./vectors/level.js";

/** Options of `native`. */
export interface NativeOptions {
  /** The instruction set. Default: the widest that the processor has. Where it does not have this one, WebAssembly runs everything. */
  readonly level?: LevelName;
  /**
   * Whether machine code also runs kernels that are so small that WebAssembly takes as long, because of what a call costs. Tests use it to try
   * machine code on small tensors. Default false.
   */
  readonly evenSmall?: boolean;
}

const nativeOptions: OptionKinds<NativeOptions> = { level: ["AVX-512", "AVX2"], evenSmall: "boolean" };

/**
 * The target that runs compiled functions as machine code, for `compile(step, { target: await native() })`.
 *
 * It needs Linux or Windows on x86-64 with AVX2 or AVX-512, and Node, Bun or Deno. Anywhere else, and where the system forbids executable memory, it is a target
 * whose `reason` says so in one sentence, and WebAssembly runs everything: a program never fails because of it. `explain()` of a compiled function lists
 * which kernels are machine code.
 *
 * @throws ArgumentError for an unknown option or level.
 *
 * @example
 * ```ts
 * import { ones, type Tensor } from "@nn/tensor";
 * import { compile } from "@nn/compiler";
 * import { native } from "@nn/native";
 *
 * const product = compile((x: Tensor, y: Tensor) => x.matmul(y), { target: await native() });
 * product(ones([64, 64]), ones([64, 64])).sum().item(); // => 262144
 * ```
 */
export async function native(options: NativeOptions = {}): Promise<KernelTarget> {
  requireOptions("native", options, nativeOptions);
  const found = await detect();
  if ("reason" in found) return new WebAssemblyOnly(found.reason);
  const [widest] = found.levels;
  const level = options.level ?? widest;
  if (level === undefined || !found.levels.includes(level)) return new WebAssemblyOnly(`the processor or the system has no ${level ?? "AVX2"}`);
  return new NativeTarget(found.host, level, { evenSmall: options.evenSmall === true, products: found.products });
}

type Found = { readonly host: Host; readonly levels: readonly LevelName[]; readonly products: PackedInstructions } | { readonly reason: string };

async function detect(): Promise<Found> {
  const host: NodeJS.Process | undefined = Reflect.get(globalThis, "process");
  if (host?.getBuiltinModule === undefined) return { reason: "machine code runs in Node from 20.19 on, Bun and Deno only" };
  const system = systems[host.platform];
  if (system === undefined || host.arch !== "x64") return { reason: `machine code runs on Linux and Windows on x64 only, and this is ${host.platform} on ${host.arch}` };
  const opened = await attempt("koffi, which calls machine code, cannot be loaded", () => openHost(host.getBuiltinModule("node:module").createRequire(import.meta.url), system));
  if ("reason" in opened) return opened;
  const state = await attempt("machine code cannot be executed", () => processorState(opened.value));
  return "reason" in state ? state : { host: opened.value, levels: levelsOf(state.value), products: { bytes: dotProductLevelsOf(state.value), bfloat16: hasBfloat16(state.value) } };
}

async function attempt<T>(what: string, action: () => T): Promise<{ readonly value: T } | { readonly reason: string }> {
  try {
    return { value: await action() };
  } catch (error) {
    const [message = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { reason: `${what}: ${message}` };
  }
}
