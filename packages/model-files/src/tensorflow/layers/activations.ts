import { ELU, GELU, Hardtanh, LeakyReLU, LogSoftmax, Mish, PReLU, ReLU, ReLU6, SELU, Sigmoid, SiLU, Softmax, Softplus, Softsign, Tanh, Threshold, type TensorModule } from "@nn/layers";
import { unbind, type Tensor } from "@nn/tensor";
import { quote } from "@nn/tensor/extend";
import { LayerProblem } from "../config.js";
import { channelAxis, describeShape, onlyInput, type Converter, type Value } from "../layer.js";
import { PlacewisePReLU, SteepHardsigmoid } from "../modules/elementwise.js";
import { toChannelsFirst } from "../modules/layout.js";

/** The functions by their names; `linear` is none. */
const functions: Readonly<Record<string, (value: Value) => readonly TensorModule[]>> = {
  linear: () => [],
  relu: () => [new ReLU()],
  relu6: () => [new ReLU6()],
  elu: () => [new ELU()],
  selu: () => [new SELU()],
  sigmoid: () => [new Sigmoid()],
  hard_sigmoid: () => [new SteepHardsigmoid()],
  softplus: () => [new Softplus({ threshold: 40 })],
  softsign: () => [new Softsign()],
  tanh: () => [new Tanh()],
  swish: () => [new SiLU()],
  mish: () => [new Mish()],
  gelu: () => [new GELU()],
  gelu_new: () => [new GELU({ approximate: "tanh" })],
  softmax: (value) => [new Softmax(channelAxis(value))],
  log_softmax: (value) => [new LogSoftmax(channelAxis(value))],
};

/** The activation of a layer by the name in its settings. */
export function activationFor(name: unknown, value: Value): readonly TensorModule[] {
  if (name === undefined || name === null) return [];
  if (typeof name === "string" && Object.hasOwn(functions, name)) return functions[name]?.(value) ?? [];
  throw new LayerProblem(`activation ${quote(String(name))} is not supported`);
}

/** Whether a layer of a class computes each element on its own, so that the order of features stays. */
export const keepsOrder: ReadonlySet<string> = new Set(["ReLU", "LeakyReLU", "ELU", "ThresholdedReLU", "Dropout", "GaussianNoise", "GaussianDropout", "AlphaDropout", "BatchNormalization", "Rescaling"]);

const elementwise = (make: (layer: Parameters<Converter>[0]) => readonly TensorModule[]): Converter => (layer) => ({ modules: make(layer), value: onlyInput(layer) });

export const activationLayers: Readonly<Record<string, Converter>> = {
  Activation: elementwise((layer) => activationFor(layer.config.raw("activation"), onlyInput(layer))),
  ReLU: elementwise(({ config }) => {
    const most = config.raw("max_value");
    config.requireDefault("negative_slope", 0);
    config.requireDefault("threshold", 0);
    return [most === undefined || most === null ? new ReLU() : most === 6 ? new ReLU6() : new Hardtanh(0, config.number("max_value"))];
  }),
  LeakyReLU: elementwise(({ config }) => [new LeakyReLU(config.number("alpha", 0.3))]),
  ELU: elementwise(({ config }) => [new ELU(config.number("alpha", 1))]),
  ThresholdedReLU: elementwise(({ config }) => [new Threshold(config.number("theta", 1), 0)]),
  Softmax: elementwise((layer) => {
    layer.config.requireDefault("axis", -1, onlyInput(layer).shape.length);
    return [new Softmax(channelAxis(onlyInput(layer)))];
  }),
  PReLU: elementwise((layer) => {
    const alpha = layer.weight("alpha");
    const { shape } = onlyInput(layer);
    if (alpha.rank !== shape.length || alpha.shape.some((size, axis) => size !== 1 && size !== shape[axis])) throw new LayerProblem(`its slopes are ${describeShape(alpha.shape)}, but its input ${describeShape(shape)}`);
    const isPerChannel = alpha.size === alpha.shape.at(-1) && (channelAxis({ shape }) === 1 || shape.length === 1);
    if (!isPerChannel) return [slopesOf(alpha)];
    const relu = new PReLU(alpha.size);
    relu.loadStateDict({ weight: alpha.reshape([alpha.size]) });
    return [relu];
  }),
};

/** Slopes that differ from place to place, with channels first. */
function slopesOf(alpha: Tensor): PlacewisePReLU {
  const [slopes] = unbind(toChannelsFirst(alpha.unsqueeze(0))) as [Tensor];
  const relu = new PlacewisePReLU(slopes.shape);
  relu.loadStateDict({ weight: slopes });
  return relu;
}
