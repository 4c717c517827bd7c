import { TableEncoder } from "@nn/data";
import { listed } from "../data/column-warnings.js";
import { describeForm, pixelsOf } from "../data/images/image-file.js";
import { formatNames, formatOf, formats, type FormatName } from "../export/formats.js";
import { UsageFailure } from "../failure.js";
import { readModel } from "../model/model-file.js";
import { networkOf, type SavedModel } from "../model/saved-model.js";
import { requireFree, requireOther, writeWhole } from "../run/file.js";
import { describeFacts } from "../terminal/facts.js";
import { counted, grouped } from "../terminal/format.js";
import type { Terminal } from "../terminal/terminal.js";

/** The command-line options of an export. */
export interface ExportRequest {
  /** A model file, or the folder of a run. */
  readonly model: string;
  /** Default: the one that the ending of the output means. */
  readonly format: FormatName | undefined;
  /** Default: beside the model, with the ending of the format. */
  readonly output: string | undefined;
  /** Whether an existing file is overwritten. */
  readonly force: boolean;
  readonly json: boolean;
}

/** Writes a model in another format, with how its input is encoded. */
export async function exportModel({ model: path, format: wanted, output, force, json }: ExportRequest, terminal: Terminal): Promise<void> {
  const name = chosenFormat(wanted, output);
  const { endings: [ending], content, use } = formats[name];
  const { file, model } = await readModel(path);
  const target = output ?? `${file.replace(/\.safetensors$/, "")}${ending}`;
  await requireOther(target, { model: file });
  await requireFree(target, { force, example: `model${ending}` });
  const written = content({ file, model, network: networkOf(file, model) });
  const bytes = typeof written === "string" ? Buffer.byteLength(written) : written.length;
  await writeWhole(target, written);
  if (json) {
    terminal.event("exported", { file: target, format: name, bytes, model: file, classes: model.classes });
    return;
  }
  terminal.print(...describeFacts([
    ["file", `${target}, ${inKilobytes(bytes)}`], ["input", describeInput(model)], ["classes", listed(model.classes)], ["use", use],
  ], terminal.style, terminal.columns));
}

function chosenFormat(format: FormatName | undefined, output: string | undefined): FormatName {
  const ofOutput = output === undefined ? undefined : formatOf(output);
  if (format !== undefined && ofOutput !== undefined && ofOutput !== format) throw new UsageFailure(`--output ${String(output)} ends like a file of the format ${ofOutput}, but --format is ${format}; leave --format out, or name a file that ends in ${formats[format].endings[0]}`);
  const chosen = format ?? ofOutput;
  if (chosen !== undefined) return chosen;
  const endings = formatNames.map((name) => formats[name].endings[0]).join(", ");
  throw new UsageFailure(output === undefined ? `--format is missing, expected ${formatNames.join(", ")}` : `--output ${output} says no format, as ${endings} do; add --format, which is ${formatNames.join(", ")}`);
}

function describeInput({ input }: SavedModel): string {
  if (input.kind === "image") return `${describeForm(input)}, ${counted(pixelsOf(input), "number")} from 0 to 1`;
  const names = input.columns.map(({ name }) => name).filter((each) => each !== input.target);
  return `${listed(names)} (${counted(TableEncoder.fromJSON(input.encoder).featureNames.length, "feature")})`;
}

function inKilobytes(bytes: number): string {
  return bytes < 10_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${grouped(Math.round(bytes / 1000))} kB`;
}
