import { loopOf, type Buffer, type Kernel, type Value } from "../ir/program.js";

/** What a kernel computes, apart from where its buffers lie. */
export interface KernelKey {
  /** Equal for kernels that the same code computes. */
  readonly key: string;
  /** The buffers that the code works on, in the order in which the key names them. */
  readonly buffers: readonly Buffer[];
}

/** Describes a kernel as text. Buffers are numbered in the order in which they occur. */
export function kernelKey(kernel: Kernel): KernelKey {
  const buffers: Buffer[] = [];
  const values = new Map<Value, number>();
  const parts: string[] = [];

  const bufferNumber = (buffer: Buffer): number => {
    const known = buffers.indexOf(buffer);
    if (known >= 0) return known;
    parts.push(`b${buffer.dtype}[${buffer.shape.join()}]`);
    return buffers.push(buffer) - 1;
  };
  const valueNumber = (value: Value): number => {
    const known = values.get(value);
    if (known !== undefined) return known;
    const text = describe(value);
    parts.push(text);
    values.set(value, values.size);
    return values.size - 1;
  };
  const affine = ({ offset, coefficients }: { readonly offset: number; readonly coefficients: readonly number[] }): string => `${offset}:${coefficients.join()}`;
  const describe = (value: Value): string => {
    switch (value.kind) {
      case "load": return `load ${value.dtype} ${bufferNumber(value.buffer)} ${affine(value.at)}`;
      case "gather": return `gather ${value.dtype} ${bufferNumber(value.buffer)} ${affine(value.at)} ${value.stride} ${valueNumber(value.index)}`;
      case "checked": return `checked ${value.check.fault.id} ${value.position === undefined ? "" : affine(value.position)} ${valueNumber(value.index)}`;
      case "constant": return `constant ${value.dtype} ${Object.is(value.value, -0) ? "-0" : value.value}`;
      case "position": return `position ${value.dtype} ${affine(value.at)}`;
      case "apply": return `${value.primitive} ${value.dtype} ${value.fault?.id} ${value.inputs.map(valueNumber).join()}`;
      case "reduce": return `${value.reduction} ${value.dtype} ${valueNumber(value.input)}`;
      case "accumulator": return "accumulator";
    }
  };
  if (kernel.kind === "library") {
    parts.push(kernel.primitive, JSON.stringify(kernel.attributes), `${kernel.check?.fault.id}`);
    // With an epilogue, the output itself may not be in memory.
    const { inputs, output, epilogue } = kernel;
    parts.push(inputs.map(bufferNumber).join(), epilogue === undefined ? `${bufferNumber(output)}` : `${output.dtype}[${output.shape.join()}]`);
  }
  const loop = loopOf(kernel);
  if (loop !== undefined) {
    parts.push(`loop ${loop.domain.join()} ${loop.reduced.join()}`);
    for (const { buffer, at, value } of loop.stores) parts.push(`store ${bufferNumber(buffer)} ${affine(at)} ${valueNumber(value)}`);
  }
  return { key: parts.join(";"), buffers };
}
