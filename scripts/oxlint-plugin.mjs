// Custom rules that oxlint does not have.
const noDoubleAssertion = {
  create: (context) => ({
    TSAsExpression(node) {
      if (node.expression.type !== "TSAsExpression") return;
      if (node.expression.typeAnnotation.type !== "TSUnknownKeyword") return;
      context.report({ node, message: "`as unknown as` hides any mistake: narrow with a check instead" });
    },
  }),
};

const plugin = { meta: { name: "nn" }, rules: { "no-double-assertion": noDoubleAssertion } };

export default plugin;
