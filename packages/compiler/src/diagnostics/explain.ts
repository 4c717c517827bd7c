import { bytesPerElement, requireOptions, sizeOf, type OptionKinds } from "@nn/tensor/extend";
import type { PassResult } from "../passes/pass.js";
import type { CachedProgram } from "../compile/program-cache.js";
import { formatArguments, type Signature } from "../compile/signature.js";
import { at } from "../ir/at.js";
import { bytesOf, flopsOf } from "../ir/cost.js";
import type { Graph } from "../ir/graph.js";
import { loopOf, valuesOf, writesOf, type Buffer, type Kernel } from "../ir/program.js";
import { isScalarValue } from "../ir/vectorizable.js";
import type { Executable } from "../runtime/executable.js";
import { explainPasses } from "./explain-passes.js";

const short = { float32: "f32", float64: "f64", int32: "i32", bool: "bool" } as const;

/** What one kernel does and costs. */
export interface KernelCost {
  /** What the kernel computes. `scalar` marks kernels that compute one element at a time: those of float64, and those without a vector form. The name of an instruction set marks machine code. */
  readonly label: string;
  readonly shape: string;
  /** Floating-point operations. A multiply-add counts as two, any elementwise operation as one. */
  readonly flops: number;
  /** The bytes of all buffers read and written, each counted once. */
  readonly bytes: number;
}

/** What a kernel of a program does and costs. */
export function costOf(kernel: Kernel, position: number, { image, machineKernels }: Executable): KernelCost {
  const scalar = [...valuesOf(loopOf(kernel) ?? { stores: [] })].some(isScalarValue);
  const how = machineKernels.some((each) => each.position === position) ? `, ${image.options.target?.name}` : scalar ? ", scalar" : "";
  return { label: `${kernel.label}${how}`, shape: shapeOf(kernel), flops: flopsOf(kernel), bytes: bytesOf(kernel) };
}

function typeOf({ shape, dtype }: Buffer): string {
  return `${short[dtype]}[${shape.join(", ")}]`;
}

function shapeOf(kernel: Kernel): string {
  if (kernel.kind === "library") return `${kernel.inputs.map(typeOf).join(" x ")} -> ${typeOf(kernel.output)}`;
  const axes = kernel.domain.map((size, axis) => (kernel.reduced[axis] === true ? `Σ${size}` : `${size}`));
  return `[${axes.join(", ")}] -> ${[...writesOf(kernel)].map(typeOf).join(", ")}`;
}

/** `1.23 M`, with three digits. */
function formatCount(count: number): string {
  const units = ["", " k", " M", " G", " T"];
  const step = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  return `${step === 0 ? count : (count / 1000 ** step).toPrecision(3)}${at(units, step)}`;
}

/** Rows with aligned columns. Cells that begin with a digit are aligned to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = at(rows, 0).map((_, column) => Math.max(...rows.map((row) => at(row, column).length)));
  const aligned = (cell: string, column: number): string => (/^\d/.test(cell) ? cell.padStart(at(widths, column)) : cell.padEnd(at(widths, column)));
  return rows.map((row) => row.map(aligned).join("  ").trimEnd()).join("\n");
}

/** What `explain` lists. */
export interface ExplainOptions {
  /** Also list the graph: as it was traced, and after each pass that changed it. Default false. */
  readonly passes?: boolean;
}

const explainOptions: OptionKinds<ExplainOptions> = { passes: "boolean" };

/** Describes the last program of a function. `passes` gives its graph after each pass. */
export function explain(latest: CachedProgram | undefined, passes: (traced: Graph) => Iterable<PassResult>, options: ExplainOptions = {}): string {
  requireOptions("explain", options, explainOptions);
  if (latest === undefined) return "nothing was compiled yet: call the function first";
  const kernels = explainKernels(latest.executable, latest.signature);
  return options.passes === true && latest.traced !== undefined ? `${explainPasses(passes(latest.traced))}\n\n${kernels}` : kernels;
}

/** Lists the kernels of a program with their costs, and its memory. */
function explainKernels(executable: Executable, signature: Signature): string {
  const { image, buildTime, reasonForOneThread, machineKernels } = executable;
  const { threads, imported, plan, program, options: { target, wide: merged } } = image;
  const costs = plan.kernels.map((kernel, at) => costOf(kernel, at, executable));
  const rows = costs.map(({ label, shape, flops, bytes }, at) => [`${at}`, label, shape, formatCount(flops), formatCount(bytes)]);
  const total = costs.reduce((sum, cost) => ({ flops: sum.flops + cost.flops, bytes: sum.bytes + cost.bytes }), { flops: 0, bytes: 0 });
  const bytesIn = (kind: Buffer["role"]["kind"]): number =>
    program.buffers.filter(({ role }) => role.kind === kind).reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement[dtype], 0);
  const running = reasonForOneThread !== undefined ? `on one thread (${reasonForOneThread}), ` : threads > 1 ? `up to ${threads} threads, ` : imported === undefined ? "" : `JavaScript's ${imported.primitives.join(", ")} on one thread, `;
  const native = target === undefined ? "" : `${target.reason === undefined ? `${machineKernels.length} of them ${target.name} machine code` : `all WebAssembly (${target.reason})`}, `;
  const vectors = merged === undefined ? "" : merged ? "merged vectors, " : "no merged vectors (that takes Node 24 or later, and AVX2), ";
  return [
    `program ${formatArguments(signature)}, ${plan.kernels.length} kernel${plan.kernels.length === 1 ? "" : "s"}, ${native}${vectors}${running}${image.isStored === true ? "loaded from the store" : "built"} in ${buildTime.toFixed(1)} ms`,
    "",
    formatTable([["#", "kernel", "shape", "FLOP", "bytes"], ...rows, ["", "total", "", formatCount(total.flops), formatCount(total.bytes)]]),
    "",
    `temporaries ${formatCount(plan.unplannedBytes)}B, in an arena of ${formatCount(plan.arenaBytes)}B together with inputs`,
    `state       ${formatCount(bytesIn("state"))}B, ${plan.inPlace.size} updated in place`,
    `constants   ${formatCount(bytesIn("constant"))}B`,
  ].join("\n");
}
