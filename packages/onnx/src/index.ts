export { toOnnx, type Exportable, type OnnxOptions } from "./export/to-onnx.js";
export { saveOnnx, type SaveOnnxOptions } from "./export/save-onnx.js";
export { OnnxError } from "./onnx-error.js";
export { FileError } from "@nn/files";
