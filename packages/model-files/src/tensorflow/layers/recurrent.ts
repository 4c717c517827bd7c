import { LSTM, RNN } from "@nn/layers";
import { zeros, type Tensor } from "@nn/tensor";
import { sequenceInput, type Converted, type Converter, type SourceLayer } from "../layer.js";
import { Outputs } from "../modules.js";

/** The gates lie in the same order in both. There is one bias there, and two here: the second one is zero. */
function recurrent(layer: SourceLayer, make: (inputs: number, units: number, options: { readonly batchFirst: true; readonly bias: boolean }) => RNN | LSTM): Converted {
  const { config } = layer;
  const [steps] = sequenceInput(layer);
  for (const name of ["go_backwards", "stateful", "return_state", "unroll"]) config.requireDefault(name, false);
  for (const name of ["dropout", "recurrent_dropout"]) config.requireDefault(name, 0);
  const [kernel, own] = [layer.weight("kernel"), layer.weight("recurrent_kernel")];
  const [inputs = 0, rows = 0] = kernel.shape;
  const [units = 0] = own.shape;
  const bias = config.boolean("use_bias", true);
  const network = make(inputs, units, { batchFirst: true, bias });
  const biases: Record<string, Tensor> = bias ? { bias_ih_l0: layer.weight("bias"), bias_hh_l0: zeros([rows]) } : {};
  network.loadStateDict({ weight_ih_l0: kernel.transpose(), weight_hh_l0: own.transpose(), ...biases });
  const all = config.boolean("return_sequences", false);
  return { modules: [new Outputs(network, all)], value: { shape: all ? [steps, units] : [units] } };
}

const lstm: Converter = (layer) => {
  layer.config.requireDefault("activation", "tanh");
  // The default of TensorFlow.js is the hard sigmoid, so that a missing setting is not the sigmoid.
  if (layer.config.string("recurrent_activation", "hard_sigmoid") !== "sigmoid") layer.config.requireDefault("recurrent_activation", "sigmoid");
  return recurrent(layer, (inputs, units, options) => new LSTM(inputs, units, options));
};

const simpleRnn: Converter = (layer) => {
  layer.config.requireDefault("activation", "tanh", "relu");
  const nonlinearity = layer.config.string("activation", "tanh") === "relu" ? "relu" : "tanh";
  return recurrent(layer, (inputs, units, options) => new RNN(inputs, units, { ...options, nonlinearity }));
};

export const recurrentLayers: Readonly<Record<string, Converter>> = { LSTM: lstm, SimpleRNN: simpleRnn };
