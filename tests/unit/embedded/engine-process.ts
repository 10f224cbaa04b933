/** An engine in a process of its own, for tests that kill it: `engine-process.ts <directory> <command> <resources>`. */
import { runEngine } from "../../../embedded/engine";
import { boxPackage } from "./box-package";
import type { Described } from "./described";
import { StackUnderTest } from "./stack-under-test";

const [directory = "", command = "", resources = "[]"] = process.argv.slice(2);
const stack = new StackUnderTest(directory);

runEngine({
  ...stack.options(command as "up", { resources: JSON.parse(resources) as Described[] }),
  loadPackage: boxPackage(stack.boxes),
  display: { line: (text) => console.log(text) },
}).catch((error) => {
  console.error(error);
  process.exit(1);
});
