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
  expect(forStack(text, "blue")).toBe(typed);
  expect(forStack(text, "dev")).toBe(text);
});
