export { parseSafetensors, readSafetensors, type RawTensor, type ReadOptions, type Safetensors } from "./safetensors/read.js";
export { writeSafetensors } from "./safetensors/write.js";
export { loadSafetensors, saveSafetensors } from "./safetensors/file.js";
export { SafetensorsError } from "./safetensors/safetensors-error.js";
export type { SafetensorsDType } from "./safetensors/element-types.js";
export { FileError } from "@nn/files";
export type { SafetensorsLimits } from "./safetensors/limits.js";
