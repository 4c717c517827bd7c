import { html, type Markup } from "../../report/markup.js";

/** The most classes that are shown, each with its probability. */
const mostRows = 10;

/** The answer: the most probable class, and the probabilities of classes. */
export function answerMarkup(classes: readonly string[]): Markup {
  const rows = classes.slice(0, mostRows).map((name) => html`<li><span class="name">${name}</span><span class="track"><i></i></span><span class="percent"></span></li>
`);
  return html`<section class="answer" aria-label="Answer">
<p id="prediction" role="status"></p>
<p id="problem" role="alert"></p>
<ol id="probabilities">
${rows}</ol>
${classes.length > mostRows ? html`<p class="note">The ${mostRows} most probable of ${classes.length} classes</p>` : null}
</section>`;
}

/** Shows answers: `show` takes what `predict` gives, `explain` a sentence in its place. */
export const answerScript = String.raw`// The page.

const rows = [...document.querySelectorAll("#probabilities li")];
const [prediction, problem] = ["prediction", "problem"].map((id) => document.getElementById(id));
const inPercent = (fraction) => (fraction * 100).toFixed(1) + " %";

/** Writes a text unless it is there, so that it is read out only when it changes. */
const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };

/** Shows the class that was predicted, and probabilities: in the order of the classes, or the largest ones. */
function show({ prediction: name, probabilities }) {
  write(problem, "");
  write(prediction, name);
  const all = classes.map((each) => [each, probabilities[each]]);
  const shown = all.length > rows.length ? all.sort(([, a], [, b]) => b - a) : all;
  rows.forEach((row, at) => {
    const [each, probability] = shown[at];
    write(row.children[0], each);
    row.children[1].style.setProperty("--fraction", probability);
    write(row.children[2], inPercent(probability));
    row.classList.toggle("winner", each === name);
  });
}

/** Shows why there is no answer. */
function explain(text, isProblem) {
  write(prediction, isProblem ? "" : text);
  write(problem, isProblem ? text : "");
  for (const row of rows) {
    row.children[1].style.setProperty("--fraction", 0);
    write(row.children[2], "");
    row.classList.remove("winner");
  }
}
`;
