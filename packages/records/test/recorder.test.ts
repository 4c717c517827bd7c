import { tensor } from "@nn/tensor";
import { decodeRecord, encodeServerSentEvent, MessageSink, Recorder, toRecord, type RunRecord } from "@nn/records";
import { describe, expect, it } from "vitest";
import { everyKind, samples } from "./samples.js";

function recording(): { readonly recorder: Recorder; readonly records: RunRecord[] } {
  const records: RunRecord[] = [];
  return { records, recorder: new Recorder([{ write: (record) => void records.push(record) }], { clock: () => 7 }) };
}

describe("Recorder", () => {
  it("makes records of every kind", () => {
    const { recorder, records } = recording();
    recorder.settings(0, { learningRate: 0.1 });
    recorder.status(0, "running", { totalSteps: 5 });
    recorder.scalars(1, { loss: NaN });
    recorder.histogram(1, "weights/w", tensor([1, 2, 3]), { bins: 2 });
    recorder.confusion(1, "validation", ["a"], [[3]]);
    recorder.images(1, "samples", [tensor([[0]]), { pixels: tensor([[1]]), caption: "white" }]);
    recorder.text(1, "sample", "text");
    recorder.program(1, "step", "kernels", "k");
    expect(records.map(({ type, step, time }) => [type, step, time])).toEqual([
      ["settings", 0, 7], ["status", 0, 7], ["scalars", 1, 7], ["histogram", 1, 7], ["confusion", 1, 7], ["images", 1, 7], ["text", 1, 7], ["program", 1, 7],
    ]);
    expect(records[3]).toMatchObject({ name: "weights/w", edges: [1, 2, 3], counts: [1, 2], mean: 2 });
    expect(records[5]).toMatchObject({ images: [{ width: 1 }, { caption: "white" }] });
  });

  it("does not pass an invalid record to any sink", () => {
    const { recorder, records } = recording();
    expect(() => recorder.scalars(-1, {})).toThrow("Recorder.write: record.step is -1");
    expect(() => recorder.confusion(0, "c", ["a", "b"], [[1]])).toThrow("Recorder.write: record.counts has 1 rows");
    expect(records).toEqual([]);
  });

  it("closes every sink, and throws the first error", () => {
    const closed: string[] = [];
    const failing = { write: () => undefined, close: () => { throw new Error("disk"); } };
    const recorder = new Recorder([failing, { write: () => undefined, close: () => void closed.push("second") }]);
    expect(() => recorder.close()).toThrow("disk");
    expect(closed).toEqual(["second"]);
  });
});

describe("MessageSink", () => {
  it("sends what a MessagePort can clone and the other side reads", async () => {
    const { port1, port2 } = new MessageChannel();
    const received: RunRecord[] = [];
    const done = new Promise<void>((resolve) => {
      port2.addEventListener("message", ({ data }) => {
        received.push(toRecord(data));
        if (received.length === everyKind.length) resolve();
      });
    });
    port2.start();
    const recorder = new Recorder([new MessageSink(port1)]);
    for (const record of everyKind) recorder.write(record);
    await done;
    port1.close();
    expect(received).toEqual(everyKind);
  });

  it("sends nothing that is no record", () => {
    const sent: unknown[] = [];
    const sink = new MessageSink({ postMessage: (message) => sent.push(message) });
    expect(() => sink.write({ ...samples.text, step: 0.5 })).toThrow("MessageSink.write: record.step is 0.5");
    expect(sent).toEqual([]);
  });
});

describe("encodeServerSentEvent", () => {
  it.each(everyKind.map((record) => [record.type, record] as const))("writes %s as one event", (_, record) => {
    const text = encodeServerSentEvent(record, { id: "a.1" });
    const lines = text.split(/\r\n|\r|\n/);
    expect(lines).toHaveLength(5);
    expect(lines.slice(0, 2)).toEqual(["event: record", "id: a.1"]);
    expect(decodeRecord(lines[2]?.replace(/^data: /, "") ?? "")).toEqual(record);
    expect(lines.slice(3)).toEqual(["", ""]);
  });

  it("refuses an id with a line break", () => {
    expect(() => encodeServerSentEvent(samples.text, { id: "1\ndata: x" })).toThrow("encodeServerSentEvent: the id has a line break");
  });
});

it("throws what an asynchronous sink rejects with, and leaves no rejection unhandled", async () => {
  const sink = { write: async () => { throw new RangeError("the disk is full"); }, close: async () => { throw new RangeError("closed twice"); } };
  const recorder = new Recorder([sink], { clock: () => 0 });
  recorder.text(0, "a", "b");
  await Promise.resolve();
  expect(() => recorder.text(1, "a", "b")).toThrow("the disk is full");
  recorder.text(2, "a", "b");
  await Promise.resolve();
  expect(() => recorder.close()).toThrow("the disk is full");
  await new Promise((done) => { setTimeout(done); });
});
