const english = {
  run: "Run", stop: "Stop", edit: "Edit", reset: "Undo edits", code: "The program", stopped: "Stopped.", expected: "expected", printsOther: "It prints something else than",
  notLoaded: "The program could not be loaded.",
  right: (count: number, seconds: string) => (count === 0 ? `It ran in ${seconds} s.` : count === 1 ? `The value is what the page says (${seconds} s).` : `All ${count} values are what the page says (${seconds} s).`),
  wrong: (count: number, of: number) => `${count} of ${of} ${of === 1 ? "value is" : "values are"} not what the page says.`,
};

const korean: typeof english = {
  run: "실행", stop: "멈추기", edit: "고치기", reset: "되돌리기", code: "프로그램", stopped: "멈췄습니다.", expected: "예상한 값", printsOther: "출력이 본문과 다릅니다. 본문:",
  notLoaded: "프로그램을 불러오지 못했습니다.",
  right: (count, seconds) => (count === 0 ? `${seconds}초 걸렸습니다.` : `값 ${count}개가 모두 본문과 같습니다(${seconds}초).`),
  wrong: (count, of) => `값 ${of}개 가운데 ${count}개가 본문과 다릅니다.`,
};

/** The words of the page, in its language. */
export const words = (): typeof english => (document.documentElement.lang === "ko" ? korean : english);
