// Checks every link of a built site: the page, file and anchor that it leads to exist, and nothing is loaded from elsewhere.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

function pagesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? pagesOf(join(folder, entry.name)) : entry.name.endsWith(".html") ? [join(folder, entry.name)] : []));
}

const anchorsOf = (text) => new Set([...text.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));

/** Problems with the links of a site, as lines. */
export function problemsOf(folder) {
  const texts = new Map(pagesOf(folder).map((file) => [file, readFileSync(file, "utf8")]));
  const anchors = new Map([...texts].map(([file, text]) => [file, anchorsOf(text)]));
  const problems = [];
  let links = 0;
  for (const [file, text] of texts) {
    const body = text.replace(/<script\b[\s\S]*?<\/script>/g, (script) => script.slice(0, script.indexOf(">") + 1));
    for (const [tag, , name, target] of body.matchAll(/<(a|link|img|script|iframe|source)\b[^>]*?\s(href|src)="([^"]*)"/g)) {
      links += 1;
      const problem = problemOf(folder, anchors, { file, tag, target: decode(target) }, name);
      if (problem !== undefined) problems.push(`${relative(folder, file)}: ${target}: ${problem}`);
    }
    for (const [, name] of body.matchAll(/<a\b[^>]*>([\w./-]+\.md)<\/a>/g)) problems.push(`${relative(folder, file)}: the text of a link is the name of a file, ${name}`);
  }
  return { problems: [...new Set(problems)], links, pages: texts.size };
}

const decode = (text) => decodeURI(text.replaceAll("&amp;", "&"));

function problemOf(folder, anchors, { file, tag, target }) {
  if (/^(https?:)?\/\//.test(target)) return tag.startsWith("<a") ? undefined : "it is loaded from elsewhere";
  if (/^(data|mailto|blob):/.test(target)) return undefined;
  const [path = "", anchor] = target.split("#");
  if (path.startsWith("/")) return "it does not work from a sub-path";
  const plain = path.split("?")[0] ?? "";
  const resolved = plain === "" ? file : resolve(dirname(file), plain);
  const goal = existsSync(resolved) && statSync(resolved).isDirectory() ? join(resolved, "index.html") : resolved;
  if (!existsSync(goal)) return "there is no such page or file";
  if (anchor === undefined || anchor === "" || !goal.endsWith(".html")) return undefined;
  return anchors.get(goal)?.has(decodeURIComponent(anchor)) === true ? undefined : "the page has no such heading";
}
