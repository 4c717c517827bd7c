import { createHash } from "node:crypto";
import type { MarkdownRenderer } from "vitepress";
import type { BrowserPackages } from "./packages.js";

const words = {
  en: { run: "Run", edit: "Edit", node: (parts: string) => `Runs in Node: it uses ${parts}.`, page: "For a page of your own." },
  ko: { run: "실행", edit: "고치기", node: (parts: string) => `Node에서 실행합니다: ${parts}`, page: "직접 만드는 페이지에 넣는 코드입니다." },
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

  function below(tokens: readonly Fence[], at: number, { run, edit, node, page }: (typeof words)[keyof typeof words]): string {
    const program = programOf(tokens, at);
    if (program === undefined) return "";
    const { code, firstLine, isExecuted } = program;
    const reasons = needsOf(code, packages);
    if (!isExecuted && reasons.length > 0 && /\bdocument\./.test(code)) return `<p class="program-note">${page}</p>`;
    const id = createHash("sha256").update(code).digest("hex").slice(0, 12);
    if (isExecuted) (reasons.length > 0 ? programs.others : programs.runnable).set(id, code);
    if (reasons.length > 0) return `<p class="program-note"${isExecuted ? ` data-program="${id}"` : ""}>${node(reasons.map((reason) => `<code>${reason}</code>`).join(", "))}</p>`;
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

/** What a program uses that browsers do not have. */
function needsOf(code: string, { entries }: BrowserPackages): readonly string[] {
  const imported = [...code.matchAll(/\bfrom "([^"]+)"|\bimport\("([^"]+)"\)/g)].map(([, from, dynamic]) => from ?? dynamic ?? "");
  const missing = imported.filter((specifier) => !entries.has(specifier) && !specifier.startsWith("."));
  // Functions that take a path are named so: `readCsvFile`, `imageFolder`.
  const ofFiles = [...code.matchAll(/\b[a-z]\w*(?:File|Folder)(?=\()/g)].map(([name]) => name);
  return [...new Set([...missing, ...ofFiles, ...(/\bprocess\./.test(code) ? ["process"] : [])])];
}
