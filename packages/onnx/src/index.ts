export { toOnnx, type Exportable, type OnnxOptions } from "./export/to-onnx.js";
export { saveOnnx, type SaveOnnxOptions } from "./export/save-onnx.js";
export { fromOnnx, loadOnnx, type FromOnnxOptions } from "./import/from-onnx.js";
export { OnnxModule } from "./import/onnx-module.js";
export type { OnnxValue } from "./import/model.js";
export { OnnxError } from "./onnx-error.js";
export { FileError } from "@nn/files";
