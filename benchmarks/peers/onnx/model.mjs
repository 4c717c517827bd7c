// A model in the format of ONNX, from the numbers of the fields in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
import { bytes, float, integer, message } from "./protobuf.mjs";

const [float32, floatAttribute, integerAttribute, integersAttribute] = [1, 1, 2, 7];

/** An attribute of a node: a whole number, or else a float32. */
export const attribute = (name, value) =>
  Number.isInteger(value)
    ? message(bytes(1, name), integer(3, value), integer(20, integerAttribute))
    : message(bytes(1, name), float(2, value), integer(20, floatAttribute));

/** An attribute of a node: several whole numbers. */
export const integers = (name, values) => message(bytes(1, name), ...values.map((each) => integer(8, each)), integer(20, integersAttribute));

/** A node: `output = operation(...inputs)`. */
export const node = (operation, inputs, output, attributes = []) =>
  message(...inputs.map((input) => bytes(1, input)), bytes(2, output), bytes(4, operation), ...attributes.map((each) => bytes(5, each)));

/** A constant of float32 numbers. */
export const constant = (name, values, shape) =>
  message(
    ...shape.map((size) => integer(1, size)),
    integer(2, float32),
    bytes(8, name),
    bytes(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );

/** An input or output of float32 numbers. */
export const value = (name, shape) => {
  const dimensions = message(...shape.map((size) => bytes(1, integer(1, size))));
  return message(bytes(1, name), bytes(2, bytes(1, message(integer(1, float32), bytes(2, dimensions)))));
};

/** The file of a model; version 17 of the operators. */
export const model = ({ nodes, constants = [], inputs, outputs }) =>
  message(
    integer(1, 8),
    bytes(2, "nn-benchmarks"),
    bytes(
      7,
      message(
        ...nodes.map((each) => bytes(1, each)),
        bytes(2, "graph"),
        ...constants.map((each) => bytes(5, each)),
        ...inputs.map((each) => bytes(11, each)),
        ...outputs.map((each) => bytes(12, each)),
      ),
    ),
    bytes(8, message(bytes(1, ""), integer(2, 17))),
  );
