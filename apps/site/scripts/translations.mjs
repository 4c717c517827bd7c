// Korean pages say which English text they follow: `follows:` in their front matter. Lists those whose English has moved on.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const pages = fileURLToPath(new URL("../pages", import.meta.url));

export const textHash = (text) => createHash("sha256").update(text).digest("hex").slice(0, 12);

/** Korean pages whose English page is not the one that they follow, each with the hash that it would follow now. The home page follows none. */
export function movedOn() {
  const folder = resolve(pages, "ko");
  const korean = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith(".md") && name !== "index.md").toSorted();
  return korean.flatMap((name) => {
    const english = resolve(pages, name);
    const [, follows] = /^follows: (\S+)$/m.exec(readFileSync(join(folder, name), "utf8")) ?? [];
    const now = existsSync(english) ? textHash(readFileSync(english, "utf8")) : "nothing";
    return follows === now ? [] : [{ page: `ko/${name}`, now }];
  });
}

// `node scripts/translations.mjs --accept` notes that all Korean pages follow the English ones as they are now.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { page, now } of movedOn()) {
    console.log(`${page}: its English page has moved on`);
    if (process.argv.includes("--accept")) writeFileSync(resolve(pages, page), readFileSync(resolve(pages, page), "utf8").replace(/^follows: .*$/m, `follows: ${now}`));
  }
}
