import ts from "typescript";

/** Whether the code of a module that runs when it is loaded calls a function `main`, or gives it to another function. */
export function callsMain(source) {
  const isMain = (node) => ts.isIdentifier(node) && node.text === "main";
  const isCall = (node) => ts.isCallExpression(node) && [node.expression, ...node.arguments].some((each) => isMain(each));
  /** A function that is called where it stands: `(async () => { … })()`. */
  const isCalledAtOnce = (node) => {
    let outer = node;
    while (ts.isParenthesizedExpression(outer.parent)) outer = outer.parent;
    return ts.isCallExpression(outer.parent) && outer.parent.expression === outer;
  };
  const visit = (node) => {
    if (ts.isFunctionLike(node) && !isCalledAtOnce(node)) return false;
    return isCall(node) || ts.forEachChild(node, visit) === true;
  };
  return visit(ts.createSourceFile("program.ts", source, ts.ScriptTarget.Latest, true));
}
