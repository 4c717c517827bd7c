import type { PassResult } from "../passes/pass.js";
import { formatGraph } from "../ir/format.js";

/** Lists the graph after each pass, under the name of the pass. Passes that changed nothing are marked. */
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
