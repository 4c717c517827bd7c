export { compile, type Compiled, type CompileOptions } from "./compile.js";
export { GraphError, TraceError } from "./errors.js";
export type { KernelCost } from "./explain.js";
export type { KernelTime, Profile } from "./profile.js";
