import { ArgumentError } from "@nn/tensor";
import { decodeRecord, encodeRecord, RecordError, toRecord, type RunRecord } from "@nn/records";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { everyKind, samples } from "./samples.js";

const name = fc.string({ maxLength: 20 }).filter((text) => text !== "__proto__");

describe("the JSON form", () => {
  it.each(everyKind.map((record) => [record.type, record] as const))("of %s is one line, and is read back", (_, record) => {
    const line = encodeRecord(record);
    expect(line).not.toMatch(/[\n\r]/);
    expect(decodeRecord(line)).toEqual(record);
  });

  it("has strings for numbers that are not finite", () => {
    expect(encodeRecord(samples.scalars)).toBe('{"type":"scalars","step":3,"time":1000,"values":{"training.loss":0.25,"bad":"NaN","high":"Infinity","low":"-Infinity"}}');
  });

  it("keeps every scalar to the bit, except the sign of 0", () => {
    fc.assert(fc.property(fc.dictionary(name, fc.double(), { maxKeys: 5 }), (values) => {
      const record = decodeRecord(encodeRecord({ type: "scalars", step: 0, time: 0, values }));
      const expected = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === 0 ? 0 : value]));
      expect(record).toEqual({ type: "scalars", step: 0, time: 0, values: expected });
    }));
  });

  it("is the same for settings that are read back, whose non-finite numbers become strings", () => {
    const line = encodeRecord({ type: "settings", step: 0, time: 0, settings: { clip: Infinity } });
    expect(decodeRecord(line)).toEqual({ type: "settings", step: 0, time: 0, settings: { clip: "Infinity" } });
  });
});

/** A change of a valid record that makes it invalid, and what the error says. */
const faults: readonly (readonly [string, unknown, string])[] = [
  ["no object", 3, "record is 3, expected an object with a type"],
  ["an unknown type", { ...samples.text, type: "txt" }, 'record.type is the string "txt", expected "scalars" or'],
  ["a missing field", { type: "text", step: 1, time: 0, name: "a" }, "record.text is undefined, expected a string"],
  ["an unknown field", { ...samples.text, txet: "" }, 'record has no field "txet"; did you mean "text"?'],
  ["a negative step", { ...samples.text, step: -1 }, "record.step is -1, expected a whole number, at least 0"],
  ["a time that is none", { ...samples.text, time: NaN }, "record.time is NaN, expected a finite number"],
  ["a scalar that is no number", { ...samples.scalars, values: { loss: "high" } }, 'record.values["loss"] is the string "high", expected a number, "NaN"'],
  ["a name that is too long", { ...samples.text, name: "x".repeat(201) }, `record.name is the string "${"x".repeat(40)}…", expected a string of at most 200 characters`],
  ["the wrong number of edges", { ...samples.histogram, edges: [0, 1] }, "record.edges has 2 limits for 2 bins, expected one more limit than bins"],
  ["descending edges", { ...samples.histogram, edges: [0, 2, 1] }, "record.edges descends"],
  ["too many bins", { ...samples.histogram, counts: new Array<number>(2000).fill(0) }, "record.counts is an array of 2000, expected a list of at most 1000"],
  ["a matrix that is not square", { ...samples.confusion, counts: [[1, 2], [3]] }, "record.counts has 2 rows of 2, 1, expected 2 rows of 2, one for each class"],
  ["an example of no class", { ...samples.confusion, examples: [{ target: 0, predicted: 2 }] }, "record.examples[0] is of class 2, expected an index below 2"],
  ["a probability above 1", { ...samples.confusion, examples: [{ target: 0, predicted: 1, probability: 75 }] }, "record.examples[0].probability is 75, expected a number from 0 to 1"],
  ["a picture that is not base64", { ...samples.images, images: [{ png: "a b", width: 1, height: 1 }] }, 'record.images[0].png is the string "a b", expected bytes in base64'],
  ["a command that there is not", { ...samples.status, commands: ["kill"] }, 'record.commands[0] is the string "kill", expected "pause" or "resume" or "stop" or "save"'],
  ["a function among settings", { ...samples.settings, settings: { rate: () => 1 } }, 'record.settings["rate"] is a function, expected a plain value'],
  ["a field named __proto__", JSON.parse('{"type":"scalars","step":0,"time":0,"values":{"__proto__":1}}'), 'record.values has a field named "__proto__"'],
];

describe("a record with", () => {
  it.each(faults)("%s is refused", (_, value, message) => {
    expect(() => encodeRecord(value as RunRecord)).toThrow(ArgumentError);
    expect(() => encodeRecord(value as RunRecord)).toThrow(`encodeRecord: ${message}`);
    expect(() => toRecord(value, "message 4")).toThrow(RecordError);
    expect(() => toRecord(value, "message 4")).toThrow(`message 4: ${message}`);
  });
});

describe("decodeRecord", () => {
  it.each(["", "{", "NaN", "null", "[]", '"scalars"'])("refuses %j", (text) => {
    expect(() => decodeRecord(text, "a.jsonl, line 3")).toThrow(RecordError);
    expect(() => decodeRecord(text, "a.jsonl, line 3")).toThrow(/^a\.jsonl, line 3: /);
  });

  it("never throws anything else", () => {
    const thrown = (text: string): unknown => {
      try {
        return void decodeRecord(text);
      } catch (error) {
        return error;
      }
    };
    fc.assert(fc.property(fc.json(), (text) => { expect(thrown(text)).toBeInstanceOf(RecordError); }));
  });

  it("escapes control characters", () => {
    expect(() => toRecord({ type: "\u001b[2J" })).toThrow(String.raw`record.type is the string "\u001b[2J"`);
  });
});
