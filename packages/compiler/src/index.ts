export { compile } from "./compile/compile.js";
export { setDefaultTarget } from "./compile/default-target.js";
export type { KernelTarget } from "./emit/kernel-target.js";
export type { Compiled, CompileOptions } from "./compile/compile-with.js";
export type { ProgramStore } from "./compile/program-store.js";
export { GraphError, TraceError } from "./errors.js";
export type { ExplainOptions, KernelCost } from "./diagnostics/explain.js";
export type { KernelTime, Profile } from "./diagnostics/profile.js";
