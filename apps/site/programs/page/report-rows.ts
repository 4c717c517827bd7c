import type { RunReport } from "../worker/protocol.js";
import { words } from "./words.js";

function element(name: string, className: string, ...content: readonly (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

/** What is shown of a report; `code` is what it is about. */
export function rowOf(report: RunReport, code: string): HTMLElement | undefined {
  switch (report.type) {
    case "printed": return element("pre", "printed", report.text);
    case "value": return compared(report.expected, element("code", "about", code), " ", element("pre", "value", report.text));
    case "threw": return compared(report.expected, element("code", "about", code), " ", element("pre", "value error", report.text));
    case "compared": return report.expected === undefined ? undefined : compared(report.expected, words().printsOther);
    case "failed": return element("pre", "failed", report.message);
    case "ended": return undefined;
  }
}

/** A row with its sign; `expected` is what the page says instead. */
function compared(expected: string | undefined, ...content: readonly (string | Node)[]): HTMLElement {
  const isRight = expected === undefined;
  const row = element("div", `compared ${isRight ? "right" : "wrong"}`, element("span", "sign", isRight ? "✓" : "✗"), element("div", "content", ...content));
  if (!isRight) row.lastElementChild?.append(element("div", "expected", `${words().expected} `, element("code", "", expected)));
  return row;
}

/** The last line, when a program has ended. */
export function summaryOf(reports: readonly RunReport[], milliseconds: number): string {
  const checked = reports.filter(({ type }) => type === "value" || type === "compared" || type === "threw");
  const wrong = checked.filter((report) => "expected" in report).length;
  return wrong > 0 ? words().wrong(wrong, checked.length) : words().right(checked.length, (milliseconds / 1000).toFixed(1));
}
