import { isTensor, UsageError } from "@nn/tensor";
import { describeValue, requireOptions, type OptionKinds } from "@nn/tensor/extend";
import { requireBatches, requireSignal, type Batches } from "./batches.js";
import { keepModes, requireModel, type Model } from "./evaluation-mode.js";
import { executed, requireExecution, type Execution } from "./execution.js";
import { responsive } from "./responsive.js";

/** Options of {@link predict}. */
export interface PredictOptions<Batch, Input> {
  /** The input of the model in a batch. Default: the batch itself if it is a tensor, else its first entry, as in `[input, target]`. */
  readonly input?: ((batch: Batch) => Input) | undefined;
  /** Whether the model is compiled; default true. */
  readonly compile?: Execution | undefined;
  /** Ends the iteration; the loop then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const predictOptions: OptionKinds<PredictOptions<unknown, unknown>> = { input: "function", compile: "any", signal: "any" };

/**
 * The outputs of a model for the batches of any source. Each is computed when the loop requests it. The model predicts in evaluation mode; the modes of its
 * modules are as before whenever the body of the loop runs.
 *
 * @example
 * ```ts
 * import { tensor } from "@nn/tensor";
 * import { ReLU } from "@nn/layers";
 * import { predict } from "@nn/train";
 * for await (const output of predict(new ReLU(), [tensor([-1, 2])])) output.toArray(); // => [0, 2]
 * ```
 * @throws UsageError for a batch without an input.
 */
export function predict<Input, Output, Batch = unknown>(
  model: Model<Input, Output>, source: Batches<Batch>, options: PredictOptions<Batch, Input> = {},
): AsyncGenerator<Output, void, undefined> {
  requireModel("predict", model);
  requireBatches("predict", "the source", source);
  requireOptions("predict", options, predictOptions);
  requireSignal("predict", options.signal);
  requireExecution("predict", options.compile);
  return outputs(model, source, options);
}

async function* outputs<Input, Output, Batch>(
  model: Model<Input, Output>, source: Batches<Batch>, { input = firstOf, compile, signal }: PredictOptions<Batch, Input>,
): AsyncGenerator<Output, void, undefined> {
  const forward = executed("predict", (x: Input) => model.forward(x), compile);
  try {
    for await (const batch of responsive(source, { signal })) {
      const x = input(batch);
      const putModesBack = keepModes(model);
      model.eval();
      let output: Output;
      try {
        output = forward(x);
      } finally {
        putModesBack();
      }
      yield output;
    }
  } finally {
    forward.dispose();
  }
}

/** The input of the model in a batch of unknown type. */
function firstOf<Batch, Input>(batch: Batch): Input {
  const first: unknown = isTensor(batch) || !Array.isArray(batch) ? batch : batch[0];
  if (first === undefined) throw new UsageError(`predict: a batch is ${describeValue(batch)}, expected a tensor or [input, …]; say with the option \`input\` where its input is`);
  return first as Input;
}
