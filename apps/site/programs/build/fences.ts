import { createHash } from "node:crypto";
import type { MarkdownRenderer } from "vitepress";
import type { BrowserPackages } from "./packages.js";

const words = {
  en: { run: "Run", edit: "Edit", Node: (parts: string) => `Runs in Node: it uses ${parts}.`, npm: (parts: string) => `Needs ${parts} of npm, which this page does not have.`, page: "For a page of your own." },
  ko: { run: "실행", edit: "고치기", Node: (parts: string) => `Node에서 실행합니다: ${parts}`, npm: (parts: string) => `이 페이지에 없는 npm 패키지가 필요합니다: ${parts}`, page: "직접 만드는 페이지에 넣는 코드입니다." },
} as const;

/** What is known of the page that a fence is in. */
interface PageEnvironment {
  readonly relativePath?: string;
}

/** A fence of a page, as markdown-it sees it. */
interface Fence {
  readonly type: string;
  readonly info: string;
  readonly content: string;
}

/** The programs of all pages, by an identifier of their code. */
export interface Programs {
  /** Those that run in a page. */
  readonly runnable: Map<string, string>;
  /** Those that need Node. */
  readonly others: Map<string, string>;
}

/**
 * Puts a Run button below every fence of TypeScript that is executed by the tests and can run in a browser, and a note below those that need Node or a page of their own.
 * Their code is added to `programs`.
 */
export function runButtons(markdown: MarkdownRenderer, packages: BrowserPackages, programs: Programs): void {
  const { fence } = markdown.renderer.rules;
  if (fence === undefined) throw new Error("there is no rule for fences");
  markdown.renderer.rules.fence = (tokens, at, options, env: PageEnvironment, self) => {
    const html = fence(tokens, at, options, env, self);
    const page = env.relativePath ?? "";
    // The programs of the examples write files and draw pictures: `npm run example` runs them.
    return page.startsWith("examples/") ? html : html + below(tokens, at, words[page.startsWith("ko/") ? "ko" : "en"]);
  };

  function below(tokens: readonly Fence[], at: number, { run, edit, page, ...note }: (typeof words)[keyof typeof words]): string {
    const program = programOf(tokens, at);
    if (program === undefined) return "";
    const { code, firstLine, isExecuted } = program;
    const needs = needsOf(code, packages);
    if (!isExecuted && needs !== undefined && /\bdocument\./.test(code)) return `<p class="program-note">${page}</p>`;
    const id = createHash("sha256").update(code).digest("hex").slice(0, 12);
    if (isExecuted) (needs === undefined ? programs.runnable : programs.others).set(id, code);
    if (needs !== undefined) return `<p class="program-note"${isExecuted ? ` data-program="${id}"` : ""}>${note[needs.from](needs.names.map((name) => `<code>${name}</code>`).join(", "))}</p>`;
    if (!isExecuted) return "";
    // What continues other code cannot be changed without it.
    const editButton = firstLine === 1 ? `<button type="button" data-action="edit">${edit}</button>` : "";
    return `<div class="program" data-program="${id}" data-first-line="${firstLine}"><button type="button" data-action="run">${run}</button>${editButton}</div>`;
  }
}

const wordsOf = ({ info }: Fence): readonly string[] => info.trim().split(/\s+/);
const isTypeScript = (token: Fence): boolean => token.type === "fence" && wordsOf(token)[0] === "ts";

/** The program that ends with a fence: its code after that of the fences that it continues. `firstLine` is where its own code begins, from 1. */
function programOf(tokens: readonly Fence[], at: number): { readonly code: string; readonly firstLine: number; readonly isExecuted: boolean } | undefined {
  const own = tokens[at];
  if (own === undefined || !isTypeScript(own)) return undefined;
  const fences = tokens.slice(0, at + 1).filter(isTypeScript);
  const first = fences.findLastIndex((each) => !wordsOf(each).includes("continue"));
  const parts = fences.slice(Math.max(first, 0));
  const before = parts.slice(0, -1).map(({ content }) => content).join("");
  return { code: before + own.content, firstLine: before.split("\n").length, isExecuted: !parts.some((each) => wordsOf(each).includes("no-run")) };
}

/** What a program needs that the page does not have: of Node, or another package of npm. */
interface Needs {
  readonly from: "Node" | "npm";
  readonly names: readonly string[];
}

function needsOf(code: string, { entries }: BrowserPackages): Needs | undefined {
  const text = withoutComments(code);
  const imported = [...text.matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(([, from, dynamic]) => from ?? dynamic ?? "");
  const missing = [...new Set(imported)].filter((specifier) => !entries.has(specifier) && !specifier.startsWith("."));
  const ofNode = missing.filter((specifier) => /^(node:|@nn\/)/.test(specifier));
  if (missing.length > ofNode.length) return { from: "npm", names: missing.filter((specifier) => !ofNode.includes(specifier)) };
  if (ofNode.length > 0) return { from: "Node", names: ofNode };
  // Functions that take a path are named so: `readCsvFile`, `imageFolder`.
  const ofFiles = [...text.matchAll(/\b[a-z]\w*(?:File|Folder)(?=\()/g)].map(([name]) => name);
  const names = [...new Set([...ofFiles, ...(/\bprocess\./.test(text) ? ["process"] : [])])];
  return names.length === 0 ? undefined : { from: "Node", names };
}

/** Code without its comments. Strings and templates stay, whatever is in them. */
function withoutComments(code: string): string {
  return code.replace(/("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, text: string | undefined) => text ?? "");
}
