/** Public functions and classes that have no plain implementation here, each with the reason. */
type Reasons = Readonly<Record<string, string>>;

const check = "checks its argument, or describes it, and computes no numbers";
const extension = "is what operations of one's own are made with; the other operations are made with it";
const base = "is what the layers below it share";
const state = "holds state, and computes nothing";
const reading = "reads elements: each of these tests compares what it reads";
const initial = "gives random initial values, which are held to the recorded distributions (tests/reference)";
const dropping = "is random: its own tests compare mean, variance and what is dropped";

const all = (reason: string, names: string): Reasons => Object.fromEntries(names.split(" ").map((name) => [name, reason]));

export const withoutPlain: Readonly<Record<"tensor" | "layers" | "linalg" | "losses" | "metrics" | "optim", Reasons>> = {
  tensor: {
    ...all(check, "isTensor formatTensor"),
    ...all(extension, "hostCallback hostEffect gradientsOf atomically HostState"),
    ...all("is an error", "ArgumentError DTypeError ShapeError UsageError"),
    ...all(state, "Tensor Variable Generator defaultGenerator manualSeed"),
    ...all(reading, "tensor item read toArray toTypedArray"),
  },
  layers: {
    ...all(base, "Module Convolution TransposedConvolution AdaptiveAvgPool AdaptiveMaxPool AvgPool LpPool MaxPool MaxUnpool Pad BatchNorm ChannelNorm InstanceNorm Recurrent RecurrentCell ChannelDropout Branches"),
    ...all(state, "Parameter"),
    ...all(initial, "kaimingNormal kaimingUniform lecunNormal lecunUniform orthogonal sparse xavierNormal xavierUniform"),
    ...all(dropping, "Dropout AlphaDropout Dropout1d Dropout2d Dropout3d FeatureAlphaDropout GaussianNoise StochasticDepth"),
    ...all("describes models as data, or makes them from it: the tests of descriptions compare every layer", "buildModel describeModel moduleClass takeOptions"),
    summary: "describes a model in words",
    onForward: "calls a listener",
    spectralNorm: "iterates from a random start: its own tests compare the largest singular value",
    removeReparametrization: "puts a parameter back",
  },
  linalg: {},
  losses: {},
  metrics: {
    Metric: "is what all metrics are", Accumulator: "computes by a rule; the rules are tried by the metrics",
    silhouetteSamples: "is what silhouetteScore is the mean of",
  },
  optim: {
    SharpnessAware: "calls a function of the loss twice for each step: its own tests follow it",
    Optimizer: "is what all optimizers are; its rules are tried by them",
    LBFGS: "calls a closure as often as its line search wants: the recorded trajectories (tests/reference) hold it step by step",
  },
};
