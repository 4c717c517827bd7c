import * as nn from "../../src/index.js";
import type { ConvolutionOptions, ConvTransposeOptions, Tensor } from "../../src/index.js";
import type { RecordedArguments } from "../reference.js";

type Run = (inputs: readonly Tensor[], args: RecordedArguments) => Tensor | readonly Tensor[];

const optionsOf = ({ stride, padding, dilation, groups }: RecordedArguments): RecordedArguments => ({ stride, padding, dilation, groups });

const convolution = (run: typeof nn.conv2d): Run => ([x, weight, bias], args) => {
  const mode = args["padding_mode"] as "reflect" | "replicate" | "circular" | undefined;
  if (mode === undefined) return run(x as Tensor, weight as Tensor, bias, optionsOf(args) as ConvolutionOptions);
  const widths = [args["padding"] as number | number[]].flat();
  const padded = nn.pad(x as Tensor, (x as Tensor).shape.slice(2).map((_, axis): nn.PadWidth => {
    const width = (widths[axis] ?? widths[0]) as number;
    return [width, width];
  }), { mode });
  return run(padded, weight as Tensor, bias, { ...optionsOf(args), padding: 0 } as ConvolutionOptions);
};

/** PyTorch can also be given the size of the output, from which it finds the output padding. */
const transposed = (run: typeof nn.convTranspose2d): Run => ([x, weight, bias], args) => {
  const options = { ...optionsOf(args), outputPadding: args["output_padding"] } as ConvTransposeOptions;
  const smallest = run(x as Tensor, weight as Tensor, bias, options);
  const size = args["output_size"] as readonly number[] | undefined;
  if (size === undefined) return smallest;
  return run(x as Tensor, weight as Tensor, bias, { ...options, outputPadding: size.map((length, axis) => length - (smallest.shape[axis + 2] as number)) });
};

const poolOptions = ({ stride, padding, ceil_mode: ceilMode }: RecordedArguments) => ({ stride, padding, ceilMode }) as nn.PoolingOptions;

const maxPool = (run: typeof nn.maxPool2d): Run => ([x], args) => {
  const window = args["kernel_size"] as number;
  const options = { ...poolOptions(args), dilation: args["dilation"] as number | undefined };
  if (args["return_indices"] !== true) return run(x as Tensor, window, options);
  const { values, indices } = run(x as Tensor, window, { ...options, returnIndices: true });
  return [values, indices];
};

const avgPool = (run: typeof nn.avgPool2d): Run => ([x], args) => run(x as Tensor, args["kernel_size"] as number, {
  ...poolOptions(args),
  countIncludePad: args["count_include_pad"] as boolean | undefined,
  divisor: args["divisor_override"] as number | undefined,
});

/** What stands for PyTorch's convolutions and poolings: inputs, then weight and bias. */
export const convolutionCounterparts: Readonly<Record<string, Run>> = {
  "nn.Conv1d": convolution(nn.conv1d), "nn.Conv2d": convolution(nn.conv2d), "nn.Conv3d": convolution(nn.conv3d),
  "nn.functional.conv1d": convolution(nn.conv1d), "nn.functional.conv2d": convolution(nn.conv2d),
  "nn.ConvTranspose1d": transposed(nn.convTranspose1d), "nn.ConvTranspose2d": transposed(nn.convTranspose2d),
  "nn.ConvTranspose3d": transposed(nn.convTranspose3d),
  "nn.MaxPool1d": maxPool(nn.maxPool1d), "nn.MaxPool2d": maxPool(nn.maxPool2d), "nn.MaxPool3d": maxPool(nn.maxPool3d),
  "nn.AvgPool1d": avgPool(nn.avgPool1d), "nn.AvgPool2d": avgPool(nn.avgPool2d), "nn.AvgPool3d": avgPool(nn.avgPool3d),
};
