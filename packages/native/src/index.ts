export { native, type NativeOptions } from "./native.js";
export type { LevelName } from "./vectors/level.js";
