import type { ExportedModel } from "./exported-model.js";
import { javaScriptModule } from "./javascript-module.js";
import { onnxFile } from "./onnx-file.js";
import { modelPage } from "./page.js";

/** The formats that a model can be exported to. */
export const formatNames = ["onnx", "html", "js"] as const;

/** The name of a format. */
export type FormatName = (typeof formatNames)[number];

/** A format, and what writes it. */
export interface Format {
  /** How names of its files end; the first one is used for a file without a name of its own. */
  readonly endings: readonly [string, ...string[]];
  readonly content: (exported: ExportedModel) => string | Uint8Array;
  /** What to do with the file. */
  readonly use: string;
}

/** All formats. */
export const formats: { readonly [F in FormatName]: Format } = {
  onnx: { endings: [".onnx"], content: onnxFile, use: "run it with ONNX Runtime; its metadata name the columns, the categories and the classes" },
  html: { endings: [".html", ".htm"], content: modelPage, use: "open it in a browser; it needs no connection" },
  js: { endings: [".js", ".mjs"], content: javaScriptModule, use: "import { predict } from it, in a page or a program" },
};

/** The format whose files end like this one; `undefined` if there is none. */
export function formatOf(file: string): FormatName | undefined {
  return formatNames.find((name) => formats[name].endings.some((ending) => file.toLowerCase().endsWith(ending)));
}
