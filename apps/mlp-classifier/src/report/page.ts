import { html, Markup } from "./markup.js";
import { styles } from "./styles.js";

/** A self-contained HTML page: it loads nothing, and may be sent to others. */
export function page({ title, lead, content, footer }: { readonly title: string; readonly lead: Markup; readonly content: Markup; readonly footer: string }): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${new Markup(styles)}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
${lead}
</header>
${content}
<footer>${footer}</footer>
</main>
</body>
</html>
`.text;
}

/** A moment as the footers of pages give it. */
export const momentOf = (date: Date): string => `${date.toISOString().replace("T", " ").slice(0, 16)} UTC`;
