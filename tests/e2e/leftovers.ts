import { PORT_OFFSETS, TestStack, type TestStackName } from "./platform";

/** Before all tests, since containers of a run that was cut off start again with Docker Engine and take ports and CPU. */
export default async function removeLeftovers(): Promise<void> {
  for (const name of Object.keys(PORT_OFFSETS)) await new TestStack(name as TestStackName).removeLeftovers();
}
