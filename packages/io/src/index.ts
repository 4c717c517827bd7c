export { parseSafetensors, readSafetensors, type RawTensor, type ReadOptions, type Safetensors } from "./safetensors/read.js";
export { writeSafetensors, type WriteOptions } from "./safetensors/write.js";
export { hasValidChecksum } from "./safetensors/checksum.js";
export { loadSafetensors, saveSafetensors } from "./safetensors/file.js";
export { SafetensorsError } from "./safetensors/safetensors-error.js";
export type { SafetensorsDType } from "./safetensors/element-types.js";
export { FileError } from "@nn/files";
export type { SafetensorsLimits } from "./safetensors/limits.js";
