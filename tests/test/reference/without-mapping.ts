type Reasons = Readonly<Record<string, string>>;

const all = (reason: string, names: string): Reasons => Object.fromEntries(names.split(" ").map((name) => [name, reason]));

/** Names of PyTorch's and scikit-learn's in the catalogue that nothing is mapped to, each with the reason. */
export const withoutMapping: Reasons = {
  ...all("is an argument, or a method of what is mapped", "logProbabilities predict outputSize return_indices proj_size kdim vdim add_bias_kv add_zero_attn cycle_momentum get_ema_avg_fn avg_fn 2d 3d"),
  ...all("changes a module that it is given, which no case has a form for; tests of its own compare it", "nn.utils.weight_norm nn.utils.spectral_norm nn.utils.remove_weight_norm"),
  Sequential: "is the model of the recorded trainings",
  "distributions.kl_divergence": "takes distributions, which no case has a form for; tests of its own compare it",
  ...all("has results that no case has a form for; plain implementations compare it", "classification_report calibration.calibration_curve silhouette_score silhouette_samples"),
  "swa_utils.AveragedModel": "averages a model, which no case has a form for; tests of its own compare it",
};

const base = "is what others share, each of which is mapped";
const none = "PyTorch has none";

/** Public functions and classes without a target of PyTorch's or scikit-learn's, each with the reason. */
export const withoutTarget: Readonly<Record<"tensor" | "layers" | "losses" | "metrics" | "optim", Reasons>> = {
  tensor: {
    ...all("computes no numbers", "isTensor toArray formatTensor"),
    ...all("is an error", "ArgumentError DTypeError ShapeError UsageError"),
    ...all("is what operations are made with", "atomically HostState hostEffect"),
    ...all("is what the layer of its name computes, to which the target is mapped", "logSigmoid avgPool1d avgPool2d avgPool3d maxPool1d maxPool2d maxPool3d adaptiveAvgPool1d adaptiveAvgPool2d adaptiveAvgPool3d adaptiveMaxPool1d adaptiveMaxPool2d adaptiveMaxPool3d lpPool1d lpPool2d lpPool3d maxUnpool1d maxUnpool2d maxUnpool3d channelShuffle pixelShuffle pixelUnshuffle"),
    ...all("is random, and PyTorch's numbers are others", "bernoulli exponential permutation randomIntegers categorical gamma poisson defaultGenerator"),
  },
  layers: {
    ...all(base, "Parameter Convolution TransposedConvolution AdaptiveAvgPool AdaptiveMaxPool AvgPool LpPool MaxPool MaxUnpool Pad BatchNorm ChannelNorm InstanceNorm RecurrentCell ChannelDropout Branches"),
    ...all(none, "summary onForward DepthwiseConv1d DepthwiseConv2d SeparableConv1d SeparableConv2d GlobalAvgPool GlobalMaxPool KeyValueCache LearnedPositionalEncoding RotaryPositionalEncoding SinusoidalPositionalEncoding paddingMask SequenceClassifier GaussianNoise Concat Parallel Residual Step SymmetricPad1d SymmetricPad2d SymmetricPad3d"),
    ...all("describes modules and computes no numbers", "describeModel buildModel moduleClass takeOptions"),
    ...all("changes a module that it is given, which no case has a form for", "weightNorm spectralNorm removeReparametrization"),
  },
  losses: {
    ...all(none, "dice focal ntXent elasticNetPenalty l1Penalty l2Penalty"),
    reduceLosses: base,
    gaussianKlDivergence: "PyTorch's takes distributions, which no case has a form for",
  },
  metrics: {
    ...all("scikit-learn has none", "Mean MeanCosineSimilarity meanCosineSimilarity Perplexity perplexity ExpectedCalibrationError expectedCalibrationError Bleu bleuScore WordErrorRate wordErrorRate CharacterErrorRate characterErrorRate"),
    ...all("has results that no case has a form for", "ClassificationReport classificationReport CalibrationCurve calibrationCurve Silhouette silhouetteScore silhouetteSamples"),
    Accumulator: base,
  },
  optim: {
    ...all(none, "Lion GradientAccumulation LookAhead SharpnessAware linearWarmup"),
    ...all("averages a model, which no case has a form for", "ExponentialMovingAverage ParameterAverage StochasticWeightAverage"),
    clipByNorm: "PyTorch clips all gradients by one norm",
  },
};
