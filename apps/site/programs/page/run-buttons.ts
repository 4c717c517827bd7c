/** Answers the buttons below programs. Nothing more is loaded before one is pressed. */
export function answerRunButtons(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>(".program button") : null;
    if (button !== null) void import("./program-view.js").then(({ press }) => press(button));
  });
}
