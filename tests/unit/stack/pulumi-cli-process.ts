/** The Pulumi CLI as engine in a process of its own, for tests that send it signals. */
import { listenForInterruption } from "../../../stack/engines/interruption";
import { PulumiCli } from "../../../stack/engines/pulumi-cli";

new PulumiCli()
  .run({ command: "refresh", stack: "blue", interruption: listenForInterruption() })
  .then((isWell) => process.exit(isWell ? 0 : 1))
  .catch((error) => {
    console.error(error);
    process.exit(1);
  });
