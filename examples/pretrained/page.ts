import { compile } from "@nn/compiler";
import { decodeBlob } from "@nn/images/browser";
import { fromOnnx, type OnnxModule } from "@nn/onnx";
import { argMax, stack, type Tensor } from "@nn/tensor";
import { normalized } from "./normalized.js";

/** The element of the page with an id. */
function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return found;
}

const network = element("network", HTMLInputElement);
const images = element("images", HTMLInputElement);
const status = element("status", HTMLElement);
const answers = element("answers", HTMLTableElement);

/** The names of the classes, which the file holds, or their numbers. */
const classesOf = ({ metadata }: OnnxModule, count: number): readonly string[] => metadata["classes"]?.split(",") ?? Array.from({ length: count }, (_, at) => String(at));

function addRow(cells: readonly string[], kind: "th" | "td"): void {
  const row = answers.insertRow();
  for (const text of cells) row.appendChild(document.createElement(kind)).textContent = text;
}

/** Reads the files that were chosen, and shows the logits of each image. */
async function answer(): Promise<void> {
  const [file] = network.files ?? [];
  const pictures = [...(images.files ?? [])];
  if (file === undefined || pictures.length === 0) return;
  status.textContent = "Computing …";
  const model = fromOnnx(new Uint8Array(await file.arrayBuffer()));
  const logits = compile((x: Tensor) => model.forward(x))(normalized(stack(await Promise.all(pictures.map((picture) => decodeBlob(picture))))));
  const classes = classesOf(model, logits.shape[1] ?? 0);
  const best = argMax(logits, 1).toArray() as number[];
  answers.replaceChildren();
  addRow(["image", "class", ...classes.map((each) => `logit of ${each}`)], "th");
  for (const [at, row] of (logits.toArray() as number[][]).entries()) addRow([pictures[at]?.name ?? "", classes[best[at] ?? 0] ?? "", ...row.map((each) => each.toFixed(5))], "td");
  status.textContent = `Images: ${pictures.length}`;
}

const answerOrSay = (): void => void answer().catch((error: unknown) => { status.textContent = String(error); });
network.addEventListener("change", answerOrSay);
images.addEventListener("change", answerOrSay);
