import type { Module } from "@nn/layers";
import * as models from "@nn/models";
import { sizeOf } from "@nn/tensor/extend";
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withoutElements } from "./reference/models/without-elements.js";

const sources = new URL("../../packages/models/src/", import.meta.url);
const texts = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts")).map((file) => readFileSync(new URL(file, sources), "utf8"));

/** The published functions with the number of parameters in their doc comments. */
const published = texts.flatMap((text) => [...text.matchAll(/\/\*\*[^\n]*?([\d,]+) parameters[^\n]*\*\/\nexport function (\w+)/g)].map(([, count = "", name = ""]) => [name, Number(count.replaceAll(",", ""))] as const));

it("are stated for many functions", () => {
  expect(published.length).toBeGreaterThan(40);
});

it.each(published)("%s has as many parameters as its doc comment says", (name, count) => {
  const make = Reflect.get(models, name) as () => Module;
  const model = withoutElements(() => make());
  expect(model.parameters().reduce((sum, { shape }) => sum + sizeOf(shape), 0)).toBe(count);
});
