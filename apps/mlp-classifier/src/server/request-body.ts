import type { IncomingMessage } from "node:http";
import { Fingerprinter } from "../data/fingerprint.js";
import { featuresOf, imageOf, imageSizeOf, isImage, matrixOf, pixelsOf } from "../data/images/image-file.js";
import { parseTable, type TableFileForm } from "../data/raw-table.js";
import { tableFeatures, type Unlabelled } from "../data/unlabelled.js";
import type { SavedModel } from "../model/saved-model.js";
import { HttpFailure } from "./http-failure.js";

/** The most bytes of a body. */
export const mostBytes = 16 * 2 ** 20;

/** The examples of a request, and the form that they have. */
export interface RequestExamples {
  readonly examples: Unlabelled;
  readonly form: TableFileForm;
}

/** The name of a body in messages. */
const name = "the request";

/**
 * The examples in the body of a request: a table as JSON or CSV, or an image.
 * @throws HttpFailure if the body is too large or of another type; Failure if it does not fit the model.
 */
export async function examplesOf(request: IncomingMessage, model: SavedModel): Promise<RequestExamples> {
  const body = await readBody(request);
  if (body.length === 0) throw new HttpFailure(400, `the request has no body, expected ${expected(model)}`);
  const { input, settings } = model;
  if (input.kind === "image") {
    if (!isImage(body)) throw new HttpFailure(415, `the body is no image, expected ${expected(model)}`);
    const features = featuresOf(name, await imageOf(name, body, imageSizeOf(settings.imageSize)), input, "model");
    return { form: "JSON", examples: { features: matrixOf([features], pixelsOf(input)), files: undefined, table: undefined, notes: [] } };
  }
  const form = formOf(request.headers["content-type"], body, model);
  const columns = await parseTable(name, form, chunksOf(body), settings);
  const raw = { ...columns, path: name, form, source: new Fingerprinter().result };
  return { form, examples: tableFeatures(raw, model, input) };
}

/** What a body may be, in words. */
export function expected({ input }: SavedModel): string {
  return input.kind === "image" ? "a PNG or JPEG image" : "JSON (an object, or a list of objects) or CSV with a header";
}

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = new HttpFailure(413, `the body has more than ${mostBytes / 2 ** 20} MiB; send the examples in several requests, or use nn-mlp predict`);
  if (Number(request.headers["content-length"] ?? 0) > mostBytes) throw tooLarge;
  const chunks: Buffer[] = [];
  let length = 0;
  // A refused body does not close the connection before its answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > mostBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The form that the type says, or that the content shows where the type says nothing, as that of `curl -d`. */
function formOf(type: string | undefined, body: Uint8Array, model: SavedModel): TableFileForm {
  const kind = type?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (/[/+](json|x-ndjson|jsonl)$/.test(kind)) return "JSON";
  if (kind === "text/csv") return "CSV";
  if (!["", "text/plain", "application/octet-stream", "application/x-www-form-urlencoded"].includes(kind) || isImage(body)) {
    throw new HttpFailure(415, `the body is ${isImage(body) ? "an image" : kind}, expected ${expected(model)}`);
  }
  return /^\uFEFF?\s*[[{]/.test(new TextDecoder().decode(body.subarray(0, 256))) ? "JSON" : "CSV";
}

async function* chunksOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
