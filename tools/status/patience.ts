/** How long each part may take to answer: `status` is there within two seconds when something is down, too. */
import { MOST_MS } from "./in-time";
import { isDown, isOf, type ServiceStatus } from "./services";

/** For what a container is missing to: it refuses at once, or never answers. */
const LEAST_MS = 700;

/** Pure. @param needed services without which the part cannot answer */
export function patienceWith(services: readonly ServiceStatus[], needed: readonly string[]): number {
  const down = services.filter(isDown).some(({ service }) => needed.some((one) => isOf(one, service)));
  return down ? LEAST_MS : MOST_MS;
}
