export { compile } from "./compile/compile.js";
export type { Compiled, CompileOptions, ExplainOptions } from "./compile/compile-with.js";
export { GraphError, TraceError } from "./errors.js";
export type { KernelCost } from "./diagnostics/explain.js";
export type { KernelTime, Profile } from "./diagnostics/profile.js";
