import { originOf, qualityOf, subjectOf } from "./describe.js";
import { encodedColumns } from "./encoded-columns.js";
import type { ExportedModel } from "./exported-model.js";
import { javaScriptModule } from "./javascript-module.js";
import { answerMarkup, answerScript } from "./page/answer.js";
import { drawingMarkup, drawingScript } from "./page/drawing.js";
import { formMarkup, formScript } from "./page/form.js";
import { pageStyles } from "./page/styles.js";
import { page } from "../report/page.js";
import { html } from "../report/markup.js";

/** A model as a self-contained page, which works offline: a form for the columns of a table, or a canvas to draw on, and the answer beside it. */
export function modelPage(exported: ExportedModel): string {
  const { file, model } = exported;
  const { input, classes } = model;
  const [lead, markup, script] = input.kind === "table"
    ? ["Fill in the columns. The answer follows as you type.", formMarkup(encodedColumns(file, input), input), formScript] as const
    : ["Draw a picture, or open one. The answer follows.", drawingMarkup(input, model.settings), drawingScript] as const;
  return page({
    title: subjectOf(model),
    lead: html`<p>${lead}</p>`,
    content: html`<div class="layout ${input.kind}">
${markup}
${answerMarkup(classes)}
</div>`,
    footer: `${originOf(model)}: ${qualityOf(model)}. The network runs in this page; nothing is sent anywhere.`.replace(/^t/, "T"),
    styles: pageStyles,
    script: `${javaScriptModule(exported)}\n${answerScript}\n${script}`,
  });
}
