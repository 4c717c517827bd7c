import { compile, type Compiled } from "@nn/compiler";
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

/** A network of a file, and its compiled program. */
interface Network {
  readonly model: OnnxModule;
  readonly logitsOf: Compiled<[x: Tensor], Tensor>;
}

async function readNetwork(file: File): Promise<Network> {
  const model = fromOnnx(new Uint8Array(await file.arrayBuffer()));
  return { model, logitsOf: compile((x: Tensor) => model.forward(x)) };
}

/** The file that was read last, with its network, which serves further choices of images. */
let last: { readonly file: File; readonly reading: Promise<Network> } | undefined;

/** The network of a file. The program of the file before is freed. */
function networkOf(file: File): Promise<Network> {
  if (last?.file !== file) {
    void last?.reading.then(({ logitsOf }) => logitsOf.dispose(), () => undefined);
    last = { file, reading: readNetwork(file) };
  }
  return last.reading;
}

/** How often files were chosen. An answer to an earlier choice is not shown. */
let choices = 0;

/** Reads the files that were chosen, and shows the logits of each image. */
async function answer(choice: number): Promise<void> {
  const [file] = network.files ?? [];
  const pictures = [...(images.files ?? [])];
  answers.replaceChildren();
  status.textContent = file === undefined || pictures.length === 0 ? "Choose a network and images." : "Computing …";
  if (file === undefined || pictures.length === 0) return;
  const [{ model, logitsOf }, x] = await Promise.all([networkOf(file), Promise.all(pictures.map((picture) => decodeBlob(picture))).then((all) => normalized(stack(all)))]);
  if (choice !== choices) return;
  const logits = logitsOf(x);
  const classes = classesOf(model, logits.shape[1] ?? 0);
  const best = argMax(logits, 1).toArray() as number[];
  addRow(["image", "class", ...classes.map((each) => `logit of ${each}`)], "th");
  for (const [at, row] of (logits.toArray() as number[][]).entries()) addRow([pictures[at]?.name ?? "", classes[best[at] ?? 0] ?? "", ...row.map((each) => each.toFixed(5))], "td");
  status.textContent = `Images: ${pictures.length}`;
}

function answerOrSay(): void {
  const choice = ++choices;
  answer(choice).catch((error: unknown) => {
    if (choice === choices) status.textContent = String(error);
  });
}
network.addEventListener("change", answerOrSay);
images.addEventListener("change", answerOrSay);
