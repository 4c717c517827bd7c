// Makes a built site work from any sub-path: VitePress writes absolute addresses, which begin with a placeholder here.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import ts from "typescript";

/** The base that the site is built with. */
export const placeholder = "/nn-site-base/";

/** Says where the site lies, and makes links absolute, so that they stay right when the page changes its address. */
const locate = (depth) => `<script>globalThis.nnSiteBase=new URL(${JSON.stringify(depth === 0 ? "./" : "../".repeat(depth))},location.href).pathname</script>`;
const absolute = `<script>for(const a of document.querySelectorAll('a[href^="."]'))a.setAttribute("href",a.pathname+a.search+a.hash)</script>`;

function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesOf(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** A page: addresses are relative, scripts read where the site lies. */
function relocatedPage(text, depth) {
  const up = depth === 0 ? "./" : "../".repeat(depth);
  const scripts = /(<script\b[^>]*>)([\s\S]*?)(<\/script>)/g;
  const parts = text.replace(scripts, (_, open, body, close) => `${open.replaceAll(placeholder, up)}${relocatedScript(body)}${close}`);
  return parts.replaceAll(placeholder, up).replace("<head>", `<head>${locate(depth)}`).replace("</body>", `${absolute}</body>`);
}

/** A script: the placeholder within a string becomes a sum of strings. */
function relocatedScript(text) {
  if (!text.includes(placeholder)) return text;
  const program = ts.createSourceFile("script.js", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  const pieces = [];
  let done = 0;
  const visit = (node) => {
    if (ts.isStringLiteral(node) || ts.isTemplateLiteralToken(node)) {
      const literal = node.getText(program);
      if (literal.includes(placeholder)) {
        pieces.push(text.slice(done, node.getStart(program)), relocatedLiteral(literal, ts.isPropertyAssignment(node.parent) && node.parent.name === node));
        done = node.end;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(program);
  return pieces.join("") + text.slice(done);
}

function relocatedLiteral(literal, isKey) {
  const [quote] = literal;
  if (quote !== '"' && quote !== "'") return literal.replaceAll(placeholder, "${globalThis.nnSiteBase}");
  const sum = literal.replaceAll(placeholder, `${quote}+globalThis.nnSiteBase+${quote}`);
  return isKey ? `[${sum}]` : `(${sum})`;
}

/** Rewrites a built site in place. */
export function relocate(folder) {
  for (const file of filesOf(folder)) {
    if (!/\.(html|js|css|json)$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    if (!text.includes(placeholder)) continue;
    const depth = relative(folder, file).split(sep).length - 1;
    if (file.endsWith(".css")) writeFileSync(file, text.replaceAll(placeholder, depth === 0 ? "./" : "../".repeat(depth)));
    else writeFileSync(file, file.endsWith(".html") ? relocatedPage(text, depth) : relocatedScript(text));
  }
}
