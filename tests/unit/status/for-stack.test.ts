import { expect, it } from "vitest";
import { forStack } from "../../../tools/status/for-stack";

it.each([
  [
    "`npm run refresh`, then `npm run up`",
    "`npm run refresh -- --stack blue`, then `npm run up -- --stack blue`",
  ],
  ["npm run resnapshot -- public.a", "npm run resnapshot -- --stack blue public.a"],
  ["`docker restart blue-kafka`", "`docker restart blue-kafka`"],
])("%s is typed with the stack's name, but for the default one", (text, typed) => {
  expect(forStack(text, { stack: "blue" })).toBe(typed);
  expect(forStack(text, { stack: "dev" })).toBe(text);
});

it("commands that are about one pipeline are typed with its name", () => {
  const text = "`npm run up`, then `npm run verify -- --table a.b`";
  expect(forStack(text, { stack: "blue", pipeline: "shop" })).toBe(
    "`npm run up -- --stack blue`, then `npm run verify -- --stack blue --pipeline shop --table a.b`",
  );
  expect(forStack("npm run status", { stack: "dev", pipeline: "shop" })).toBe(
    "npm run status -- --pipeline shop",
  );
});
