import type { Tensor } from "@nn/tensor";
import { at } from "../ir/at.js";
import { costOf, formatTable, type KernelCost } from "./explain.js";
import type { Executable } from "../runtime/executable.js";

/** A kernel and the time that it took. */
export interface KernelTime extends KernelCost {
  readonly milliseconds: number;
}

/** Where the time of a program goes. */
export interface Profile {
  readonly kernels: readonly KernelTime[];
  readonly milliseconds: number;
  /** A table for people, the slowest kernel first. */
  toString(): string;
}

/** Runs a program once, kernel by kernel. */
export function profileProgram(executable: Executable, inputs: readonly Tensor[]): Profile {
  const times = executable.time(inputs);
  const kernels = executable.image.plan.kernels.map((kernel, index) => ({ ...costOf(kernel, index, executable), milliseconds: at(times, index) }));
  const milliseconds = times.reduce((sum, time) => sum + time, 0);
  const toString = (): string => formatProfile(kernels, milliseconds);
  return Object.defineProperty({ kernels, milliseconds, toString }, Symbol.for("nodejs.util.inspect.custom"), { value: toString });
}

function formatProfile(kernels: readonly KernelTime[], total: number): string {
  const rows = kernels.toSorted((a, b) => b.milliseconds - a.milliseconds).map(({ label, shape, flops, bytes, milliseconds }) => [
    `${(milliseconds * 1000).toFixed(1)}`,
    `${((100 * milliseconds) / Math.max(total, 1e-9)).toFixed(0)} %`,
    `${(flops / milliseconds / 1e6).toFixed(1)}`,
    `${(bytes / milliseconds / 1e6).toFixed(1)}`,
    label,
    shape,
  ]);
  return formatTable([["µs", "time", "GFLOP/s", "GB/s", "kernel", "shape"], ...rows, [`${(total * 1000).toFixed(1)}`, "100 %", "", "", "total", ""]]);
}
