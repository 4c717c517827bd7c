import { isTensor, type Tensor } from "@nn/tensor";
import { apply } from "@nn/tensor/extend";
import { withInterpreter } from "@nn/tensor/interpreter";
import * as primitives from "@nn/tensor/primitives";
import { differentiation, type Call, type Pullback } from "./level.js";
import { Recording, type RecordedProgram } from "./recording.js";
import { called, requireFunction } from "./requirements.js";
import { Tape } from "./tape.js";
import { listOf, type Tensors } from "./vjp.js";

/**
 * Saves memory at the cost of time: keeps only the inputs and results of the function, and computes intermediate results again when gradients need
 * them. Values and gradients do not change.
 *
 * It repeats the recorded operations, not the function, so random draws, host values and variables have the values of the
 * first run. Tensors and variables that the function uses from outside get gradients too.
 *
 * Chen et al. 2016, "Training deep nets with sublinear memory cost".
 *
 * @example
 * ```ts
 * import { tensor, type Tensor } from "@nn/tensor";
 * import { checkpoint, grad } from "@nn/autograd";
 * const block = checkpoint((x: Tensor) => x.square().mul(3));
 * grad((x: Tensor) => block(block(x)))(tensor(1)).item(); // => 108
 * ```
 */
export function checkpoint<Inputs extends readonly Tensor[], Output extends Tensors>(
  fn: (...inputs: Inputs) => Output,
): (...inputs: Inputs) => Output {
  requireFunction("checkpoint", fn, "checkpoint((x) => block.forward(x))");
  return (...inputs) => record(() => called("checkpoint", fn, inputs), (output) => listOf("checkpoint", output));
}

/** Runs `body` as one call that is computed again for its gradient. */
function record<Result>(body: () => Result, tensorsIn: (result: Result) => readonly Tensor[]): Result {
  const { levels, base } = differentiation();
  const [outer] = levels;
  if (outer === undefined) return body();
  const recording = new Recording(base, outer);
  const result = withInterpreter(recording, body);
  const { inputs, outputs, replay } = recording.finish(tensorsIn(result));
  const call = { operation: "checkpoint", inputs, outputs, pullback: recompute(inputs, replay), run: again(replay, outputs.length) };
  for (const level of levels) level.record(call);
  return result;
}

/** Repeats the recorded operations on a tape and returns the gradients. */
function recompute(inputs: readonly Tensor[], replay: RecordedProgram["replay"]): Pullback {
  return (gradients, needed) => {
    const tape = new Tape();
    // An optimization barrier: otherwise a compiler would reuse the first results, and keep them in memory.
    const again = inputs.map((input) => apply(primitives.reshape, [input], { shape: input.shape, barrier: true }));
    const aliases = again.map((input, index) => (needed[index] === true ? tape.watch(input) : input));
    const outputs = withInterpreter(tape, () => replay(aliases, gradients.map((gradient) => gradient !== undefined)));
    const wanted = outputs.flatMap((output, index) => {
      const gradient = gradients[index];
      return gradient === undefined || output === undefined ? [] : [{ output, gradient }];
    });
    return tape.pullback(wanted.map(({ output }) => output), aliases)(wanted.map(({ gradient }) => gradient));
  };
}

/** The same checkpoint on other inputs, for a checkpoint around it. */
function again(replay: RecordedProgram["replay"], outputs: number): Call["run"] {
  const all = new Array<boolean>(outputs).fill(true);
  return (inputs) => record(() => replay(inputs, all).filter(isTensor), (made) => made);
}
