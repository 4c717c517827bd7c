import { crossEntropy } from "@nn/losses";
import { Accuracy } from "@nn/metrics";
import { SGD } from "@nn/optim";
import { fit, type Plugin } from "@nn/train";
import { epochTable, progressBar } from "@nn/train/node";
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { describeMoment, type Moment } from "../src/node/progress-bar.js";
import { duration, short, styleOf, wrapped, type TerminalStream } from "../src/node/terminal.js";
import { task } from "./tasks.js";

/** A stream that remembers what was written. */
function captured(isTTY: boolean, columns = 100): TerminalStream & { text: string } {
  const stream = Object.assign(new Writable({ write: (chunk: Buffer, _, done) => ((stream.text += chunk.toString()), done()) }), { text: "", isTTY, columns });
  return stream;
}

async function train(stream: TerminalStream, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  const { model, batches, validation } = task();
  await fit({
    model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, validation, epochs: 2, metrics: { accuracy: new Accuracy() }, compile: false,
    plugins: [epochTable({ stream }), progressBar({ stream })], ...options,
  });
}

/** The lines that stay on the screen; a carriage return begins the last one again. */
const linesOf = (text: string): readonly string[] => text.split("\n").map((line) => line.split("\r\u001b[K").at(-1) ?? "");

test("without a terminal, nothing is written", async () => {
  const stream = captured(false);
  await train(stream);
  expect(stream.text).toBe("");
});

test("writes a line for every epoch, and removes the bar at the end", async () => {
  const stream = captured(true);
  await train(stream);
  const lines = linesOf(stream.text);
  expect(lines[0]).toBe("epoch      loss  accuracy  val. loss  val. accuracy      rate       time");
  expect(lines.slice(1).map((line) => line.replace(/\d+\.\d+/g, "#"))).toEqual([expect.stringContaining("    1"), expect.stringContaining("    2"), ""]);
  expect(lines[1]).toMatch(/best$/);
  expect(stream.text).toContain("epoch 1/2");
});

test("who writes after an epoch finds a free line", async () => {
  const { model, batches } = task();
  const stream = captured(true);
  const writer: Plugin = { name: "writer", on: (event) => void (event.type === "epoch" && stream.write(`epoch ${event.epoch}\n`)) };
  await fit({
    model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 3, compile: false, plugins: [progressBar({ stream }), writer],
  });
  expect(linesOf(stream.text)).toEqual(["epoch 1", "epoch 2", "epoch 3", ""]);
});

test("a narrow terminal shows fewer columns, and no line is wider than it", async () => {
  for (const columns of [20, 40, 60, 80]) {
    const stream = captured(true, columns);
    await train(stream);
    expect(Math.max(...linesOf(stream.text).map((line) => line.length))).toBeLessThanOrEqual(Math.max(columns, 40));
  }
});

test("the value that the run monitors is shown at every width", async () => {
  const { model, batches, validation } = task();
  for (const columns of [20, 40, 60, 80, 200]) {
    const stream = captured(true, columns);
    const more = Object.fromEntries(["precision", "recall", "coverage", "top-three-accuracy", "macroF1"].map((name) => [name, new Accuracy()]));
    await fit({
      model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, validation, epochs: 1, metrics: more, compile: false, monitor: "validation.macroF1",
      plugins: [epochTable({ stream })],
    });
    expect(linesOf(stream.text)[0]).toContain("val. macroF1");
  }
});

test("the last line is broken between words", async () => {
  const stream = captured(true, 40);
  await train(stream, { signal: AbortSignal.abort(new Error("validation.macroF1 has not improved for three epochs, and the patience is over")) });
  expect(linesOf(stream.text)).toEqual(["interrupted in epoch 1:", "validation.macroF1 has not improved for", "three epochs, and the patience is over", ""]);
  expect([wrapped("", 5), wrapped("a", 5), wrapped("a bc def", 4), wrapped("abcdefgh i", 4)]).toEqual(["", "a", "a bc\ndef", "abcdefgh\ni"]);
});

test("a run that is interrupted says so", async () => {
  const stream = captured(true);
  await train(stream, { signal: AbortSignal.abort(new Error("Ctrl-C")) });
  expect(linesOf(stream.text)).toContain("interrupted in epoch 1: Ctrl-C");
});

test("the line of the bar fits, and drops the least important parts first", () => {
  const moment: Moment = { epoch: 3, epochs: 12, step: 300, steps: 1200, stepInEpoch: 100, values: { epoch: 3, texts: ["loss 0.1235", "accuracy 0.9000"] }, rate: 25.4 };
  const style = styleOf(captured(true));
  expect([120, 80, 60, 40, 20].map((columns) => describeMoment(moment, columns, style))).toMatchInlineSnapshot(`
    [
      "epoch  3/12  ━━━━━━━━──────────────────────  25%  loss 0.1235  accuracy 0.9000  35 s left  25 steps/s",
      "epoch  3/12  ━━━━━───────────────  25%  loss 0.1235  accuracy 0.9000",
      "epoch  3/12  ━━━━─────────────  25%  loss 0.1235",
      "epoch  3/12  ━━━━━━────────────────  25%",
      "epoch  3/12  ━─  25%",
    ]
  `);
  expect(describeMoment({ ...moment, label: "fold 2/5" }, 80, style)).toMatchInlineSnapshot(`"fold 2/5  epoch  3/12  ━━━───────  25%  loss 0.1235  accuracy 0.9000"`);
  expect(describeMoment({ ...moment, steps: undefined }, 80, style)).toMatchInlineSnapshot(`"epoch  3/12  step 300  loss 0.1235  accuracy 0.9000  25 steps/s"`);
});

test("a new epoch does not begin with values as if they were its own", () => {
  const moment: Moment = { epoch: 3, epochs: 12, step: 300, steps: 1200, stepInEpoch: 1, values: { epoch: 2, texts: ["loss 0.1235", "accuracy 0.9000"] }, rate: Number.NaN };
  const style = styleOf(captured(true));
  expect(describeMoment(moment, 90, style)).toMatch(/25%  last epoch: loss 0\.1235  accuracy 0\.9000$/);
  expect(describeMoment({ ...moment, values: undefined }, 90, style)).toMatch(/ 25%$/);
  // The bar and the parts beside it stay as they are when the first values of the epoch come.
  for (const columns of [20, 40, 50, 60, 80, 120]) {
    const [old, fresh] = [moment, { ...moment, values: { epoch: 3, texts: ["loss 0.1235", "accuracy 0.9000"] } }].map((each) => describeMoment(each, columns, style));
    expect(old?.replace("last epoch: ", "")).toBe(fresh);
  }
});

/** What is on the last line of the screen after each piece of text. */
function lastLines(pieces: readonly string[]): readonly string[] {
  let text = "";
  return pieces.map((piece) => linesOf((text += piece)).at(-1) ?? "");
}

test("with short epochs the bar is on the screen after every step, and stays if others call clear", async () => {
  for (const leaveLine of [true, false]) {
    const pieces: string[] = [];
    const bar = progressBar({ stream: { isTTY: true, columns: 100, write: (text) => pieces.push(text) }, leaveLine });
    const seen: string[] = [];
    const watch: Plugin = { name: "watch", on: ({ type }) => void seen.push(`${type} ${(lastLines(pieces).at(-1) ?? "") === "" ? "blank" : "bar"}`) };
    const { model, batches } = task();
    await fit({ model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 20, compile: false, plugins: [bar, watch] });
    expect(new Set(seen.filter((each) => each.startsWith("step")))).toEqual(new Set(["step bar"]));
    expect(new Set(seen.filter((each) => each.startsWith("epoch")))).toEqual(new Set([leaveLine ? "epoch blank" : "epoch bar"]));
    expect(lastLines(pieces).at(-1)).toBe("");
  }
});

test("clear frees the line until the next step", async () => {
  const pieces: string[] = [];
  const bar = progressBar({ stream: { isTTY: true, columns: 100, write: (text) => pieces.push(text) }, leaveLine: false });
  bar.clear();
  expect(pieces).toEqual([]);
  const seen: string[] = [];
  const watch: Plugin = {
    name: "watch",
    on: ({ type }) => {
      if (type !== "step") return;
      seen.push(lastLines(pieces).at(-1) ?? "");
      bar.clear();
      const written = pieces.length;
      bar.clear();
      expect([lastLines(pieces).at(-1), pieces.length]).toEqual(["", written]);
    },
  };
  const { model, batches } = task();
  await fit({ model, loss: crossEntropy, optimizer: new SGD(model.parameters(), { learningRate: 0.1 }), batches, epochs: 2, compile: false, plugins: [bar, watch] });
  expect(seen.length).toBeGreaterThan(2);
  for (const line of seen) expect(line).toMatch(/^epoch \d\/2/);
});

test("numbers and durations are abbreviated", () => {
  expect([0, 1, 0.123456, 12.3456, 1234.5, 1e-7, 5e8, 100, Number.NaN].map(short)).toMatchInlineSnapshot(`
    [
      "0.0000",
      "1.0000",
      "0.1235",
      "12.346",
      "1234.5",
      "1.0e-7",
      "5.0e8",
      "100",
      "NaN",
    ]
  `);
  expect([0.44, 59.4, 61, 3599, 7300, Number.NaN].map(duration)).toMatchInlineSnapshot(`
    [
      "0.4 s",
      "59 s",
      "1 min 1 s",
      "59 min 59 s",
      "2 h 1 min",
      "–",
    ]
  `);
});
