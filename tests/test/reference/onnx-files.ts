import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "@nn/compiler";
import { fromOnnx, OnnxError, type OnnxModule } from "@nn/onnx";
import { tensor, type Tensor } from "@nn/tensor";
import { compareTensor, type Comparison } from "./compare.js";
import { compiled, eager } from "./execution.js";
import { decodeAll, type RecordedTensor } from "./format.js";
import { dtypeOf } from "./models/format.js";
import { outcomeOf, type Outcome } from "./outcome.js";

/** A tensor as it is recorded: integers have PyTorch's int64. */
interface RecordedValue extends Omit<RecordedTensor, "dtype"> {
  readonly dtype: string;
}

type RecordedValues = Readonly<Record<string, RecordedValue>>;

/** An ONNX file in an index: what must happen to it, and outputs for inputs. */
interface RecordedFile {
  readonly file: string;
  readonly verdict: "run" | "refuse" | "run-or-refuse";
  readonly bytes?: number;
  readonly cases?: readonly { readonly inputs: RecordedValues; readonly outputs: RecordedValues }[];
}

/** A file, run eagerly or compiled. */
export interface OnnxFileCase {
  readonly mode: "eager" | "compiled";
  readonly run: () => Outcome;
}

/** Descriptions have no effect. */
const fields = new Set(["file", "verdict", "bytes", "cases", "note", "opset", "ops", "float32Deviation"]);
const verdicts: readonly unknown[] = ["run", "refuse", "run-or-refuse"] satisfies readonly RecordedFile["verdict"][];

const isRecordedFile = (value: unknown): value is RecordedFile =>
  typeof value === "object" && value !== null && "file" in value && typeof value.file === "string" && value.file.endsWith(".onnx") && "verdict" in value && verdicts.includes(value.verdict);

/** Whether the content of a file is an index of ONNX files. */
export const isOnnxIndex = (content: unknown): content is readonly RecordedFile[] => Array.isArray(content) && content.length > 0 && content.every(isRecordedFile);

/** The cases of an index in a folder. A file that must be refused is refused before anything could be compiled. */
export function casesOfOnnxFiles(folder: string, index: readonly RecordedFile[]): readonly OnnxFileCase[] {
  return index.flatMap((recorded) => [eager, compiled].filter((execution) => execution === eager || recorded.verdict !== "refuse").map((execution): OnnxFileCase => ({
    mode: execution === eager ? "eager" : "compiled",
    run: () => outcomeOf({ id: recorded.file, target: recorded.verdict, args: {} }, () => runFile(folder, recorded, execution === eager ? (model) => (inputs) => model.run(inputs) : compiledRun)),
  })));
}

type Run = (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;

function compiledRun(model: OnnxModule): Run {
  return (inputs) => {
    const program = compile((given: Readonly<Record<string, Tensor>>) => model.run(given));
    try {
      return program(inputs);
    } finally {
      program.dispose();
    }
  };
}

function runFile(folder: string, recorded: RecordedFile, runOf: (model: OnnxModule) => Run): readonly Comparison[] {
  const { file, verdict, bytes, cases = [] } = recorded;
  const strange = Object.keys(recorded).filter((field) => !fields.has(field));
  if (strange.length > 0) throw new TypeError(`the runner does not know the fields ${strange.join(", ")}`);
  const content = new Uint8Array(readFileSync(join(folder, file)));
  if (bytes !== undefined && content.length !== bytes) throw new TypeError(`the file has ${content.length} bytes, recorded were ${bytes}`);
  const model = readOrRefusal(content);
  if (model instanceof OnnxError) return [verdict === "run" ? { worst: Infinity, failure: model.message } : { worst: 0 }];
  if (verdict === "refuse") return [{ worst: Infinity, failure: "the file was read, and must be refused" }];
  if (cases.length === 0) throw new TypeError("there are no outputs to compare with");
  return cases.flatMap(({ inputs, outputs }) => compareOutputs(runOf(model)(decodeAll(ofOurDTypes(inputs))), ofOurDTypes(outputs)));
}

function readOrRefusal(content: Uint8Array): OnnxModule | OnnxError {
  try {
    return fromOnnx(content);
  } catch (error) {
    if (error instanceof OnnxError) return error;
    throw error;
  }
}

const ofOurDTypes = (values: RecordedValues): Record<string, RecordedTensor> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { ...value, dtype: dtypeOf(value.dtype) }]));

/** Compares all outputs, which have the recorded names in the recorded order. */
function compareOutputs(found: Readonly<Record<string, Tensor>>, wanted: Readonly<Record<string, RecordedTensor>>): readonly Comparison[] {
  const [got, want] = [Object.keys(found).join(", "), Object.keys(wanted).join(", ")];
  if (got !== want) return [{ worst: Infinity, failure: `the outputs are ${got}, expected ${want}` }];
  return Object.entries(wanted).map(([name, each]) => compareTensor({ what: name, got: found[name] ?? tensor([]), want: each }, { rtol: 1e-4, atol: 1e-5 }));
}
