import { GRU, GRUCell, LSTM, LSTMCell, RNN, RNNCell, type RecurrentOptions, type RNNNonlinearity } from "@nn/layers";
import type { Tensor } from "@nn/tensor";
import type { Arguments } from "./arguments.js";
import type { CalledModuleFactory } from "./called-module.js";

function options(args: Arguments, dtype: RecurrentOptions["dtype"]): RecurrentOptions {
  return {
    layers: args.number("num_layers", 1),
    bias: args.boolean("bias", true),
    batchFirst: args.boolean("batch_first", false),
    dropout: args.number("dropout", 0),
    bidirectional: args.boolean("bidirectional", false),
    dtype,
  };
}

const nonlinearity = (args: Arguments): RNNNonlinearity => args.choice("nonlinearity", { tanh: "tanh", relu: "relu" } as const, "tanh");
const sizes = (args: Arguments): [number, number] => [args.number("input_size"), args.number("hidden_size")];

/** Recurrent layers and cells. */
export const recurrentModules: Readonly<Record<string, CalledModuleFactory>> = {
  "nn.RNN": (args, dtype) => {
    const module = new RNN(...sizes(args), { ...options(args, dtype), nonlinearity: nonlinearity(args) });
    return { module, call: ({ input, h_0: hidden }) => Object.values(module.forward(input as Tensor, { hidden })) };
  },
  "nn.GRU": (args, dtype) => {
    const module = new GRU(...sizes(args), options(args, dtype));
    return { module, call: ({ input, h_0: hidden }) => Object.values(module.forward(input as Tensor, { hidden })) };
  },
  "nn.LSTM": (args, dtype) => {
    // PyTorch's 0 is none.
    const size = args.number("proj_size", 0);
    const projectionSize = size === 0 ? undefined : size;
    const module = new LSTM(...sizes(args), { ...options(args, dtype), projectionSize });
    return { module, call: ({ input, h_0: hidden, c_0: cell }) => Object.values(module.forward(input as Tensor, { hidden, cell })) };
  },
  "nn.RNNCell": (args, dtype) => {
    const module = new RNNCell(...sizes(args), { bias: args.boolean("bias", true), nonlinearity: nonlinearity(args), dtype });
    return { module, call: ({ input, h_0: hidden }) => [module.forward(input as Tensor, hidden)] };
  },
  "nn.GRUCell": (args, dtype) => {
    const module = new GRUCell(...sizes(args), { bias: args.boolean("bias", true), dtype });
    return { module, call: ({ input, h_0: hidden }) => [module.forward(input as Tensor, hidden)] };
  },
  "nn.LSTMCell": (args, dtype) => {
    const module = new LSTMCell(...sizes(args), { bias: args.boolean("bias", true), dtype });
    return { module, call: ({ input, h_0: hidden, c_0: cell }) => Object.values(module.forward(input as Tensor, { hidden, cell })) };
  },
};
