import { html, Markup } from "./markup.js";
import { reportStyles } from "./styles.js";

/** What a page has. */
interface PageParts {
  readonly title: string;
  readonly lead: Markup;
  readonly content: Markup;
  readonly footer: string;
  /** Default: that of reports. */
  readonly styles?: string;
  /** A module that runs in the page, without `</script`. */
  readonly script?: string;
}

/** Nothing is loaded from anywhere, whatever the content says. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:";

/** A self-contained HTML page: it loads nothing, and may be sent to others. */
export function page({ title, lead, content, footer, styles = reportStyles, script }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
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
${script === undefined ? null : html`<script type="module">
${new Markup(script)}</script>
`}</body>
</html>
`.text;
}

/** A moment as the footers of pages give it. */
export const momentOf = (date: Date): string => `${date.toISOString().replace("T", " ").slice(0, 16)} UTC`;
