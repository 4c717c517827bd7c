import * as layers from "@nn/layers";
import { tensor } from "@nn/tensor";
import { make } from "./array.js";
import { call, type Entries } from "./trial.js";

const gains = { linear: 1, conv: 1, sigmoid: 1, tanh: 5 / 3, relu: Math.SQRT2, selu: 3 / 4 } as const;

/** Initial values that are not random. */
export const initializers: Entries = {
  constant: (random) => {
    const [shape, value] = [random.shape([0, 3], [0, 3]), random.real()];
    return call(`${shape.join("x")}, ${value}`, [], () => layers.constant(shape, { value, dtype: "float64" }), () => make(shape, () => value));
  },
  identity: (random) => {
    const shape = [random.int(1, 4), random.int(1, 4)];
    return call(shape.join("x"), [], () => layers.identity(shape), () => make(shape, ([row, column]) => Number(row === column)));
  },
  dirac: (random) => {
    const [groups, perGroup, inputs, kernel] = [random.int(1, 2), random.int(1, 3), random.int(1, 3), random.shape([1, 3], [1, 4])];
    const shape = [groups * perGroup, inputs, ...kernel];
    return call(`${shape.join("x")}, ${groups} groups`, [], () => layers.dirac(shape, { groups }), () => make(shape, ([output = 0, input, ...place]) =>
      Number(output % perGroup === input && place.every((each, axis) => each === Math.floor((kernel[axis] ?? 0) / 2)))));
  },
  calculateFans: (random) => {
    const [outputs, inputs, kernel] = [random.int(1, 4), random.int(1, 4), random.shape([0, 3], [1, 3])];
    const window = kernel.reduce((product, length) => product * length, 1);
    return call([outputs, inputs, ...kernel].join("x"), [], () => {
      const { fanIn, fanOut } = layers.calculateFans([outputs, inputs, ...kernel]);
      return tensor([fanIn, fanOut], { dtype: "float64" });
    }, () => ({ shape: [2], data: [inputs * window, outputs * window] }));
  },
  calculateGain: (random) => {
    const [name, slope] = [random.pick(["linear", "sigmoid", "tanh", "relu", "selu", "leakyRelu"] as const), random.real(0, 1)];
    return call(`${name}, ${slope}`, [], () => tensor(layers.calculateGain(name, slope), { dtype: "float64" }), () => ({ shape: [], data: [name === "leakyRelu" ? Math.sqrt(2 / (1 + slope ** 2)) : gains[name]] }));
  },
};
