/** An ONNX file is damaged or uses what is not supported, or a function cannot be written as ONNX. */
export class OnnxError extends Error {
  override readonly name = "OnnxError";
}
