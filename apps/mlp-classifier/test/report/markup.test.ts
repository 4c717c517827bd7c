import { expect, test } from "vitest";
import { escapeHtml, html, Markup } from "../../src/report/markup.js";

test("values in a template are escaped, markup is not", () => {
  const name = `<b class="x">Tom & 'Jerry'</b>`;
  expect(html`<i title="${name}">${html`<u>${name}</u>`}</i>`.text).toBe(`<i title="${escapeHtml(name)}"><u>${escapeHtml(name)}</u></i>`);
  expect(escapeHtml(name)).toBe("&lt;b class=&quot;x&quot;&gt;Tom &amp; &#39;Jerry&#39;&lt;/b&gt;");
});

test("lists are joined, undefined is left out, zero is a number", () => {
  expect(html`${[1, html`<br>`, ["<", null]]}${undefined}${false}${0}`.text).toBe("1<br>&lt;0");
  expect(String(new Markup("<hr>"))).toBe("<hr>");
});
