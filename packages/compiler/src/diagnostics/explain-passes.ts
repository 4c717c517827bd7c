import type { PassResult } from "../passes/pass.js";
import { formatGraph } from "../ir/format.js";

/** The graph after each pass, by the names of the passes; those that changed nothing say so. */
export function explainPasses(results: Iterable<PassResult>): string {
  let before: string | undefined;
  const sections: string[] = [];
  for (const { name, graph } of results) {
    const text = formatGraph(graph);
    sections.push(text === before ? `after ${name}: no change` : `after ${name}:\n${indented(text)}`);
    before = text;
  }
  return sections.join("\n\n");
}

const indented = (text: string): string => text.replaceAll(/^/gm, "  ");
