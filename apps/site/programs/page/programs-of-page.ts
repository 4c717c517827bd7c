/** The program whose code an element is in. */
function programAround(target: EventTarget | null): { readonly code: HTMLElement; readonly program: string } | undefined {
  const code = target instanceof Element ? target.closest<HTMLElement>("div[class*='language-ts'] code") : null;
  const below = code?.closest("div[class*='language-ts']")?.nextElementSibling;
  const program = below instanceof HTMLElement ? below.dataset["program"] : undefined;
  return code === null || program === undefined ? undefined : { code, program };
}

/** Answers the buttons below programs, and shows the types of the names that a pointer rests on. Nothing more is loaded before. */
export function answerPrograms(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>(".program button") : null;
    if (button !== null) void import("./program-view.js").then(({ press }) => press(button));
  });
  let rest: ReturnType<typeof setTimeout> | undefined;
  let isShown = false;
  const hide = (): void => {
    clearTimeout(rest);
    if (isShown) void import("./type-tips.js").then(({ hideTip }) => hideTip());
    isShown = false;
  };
  document.addEventListener("pointermove", ({ target, clientX, clientY, pointerType }) => {
    if (pointerType !== "mouse") return;
    const found = programAround(target);
    if (found === undefined) return hide();
    clearTimeout(rest);
    rest = setTimeout(() => {
      isShown = true;
      void import("./type-tips.js").then(({ showTip }) => showTip(found.code, found.program, clientX, clientY));
    }, 120);
  }, { passive: true });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  document.addEventListener("scroll", hide, { passive: true, capture: true });
}
