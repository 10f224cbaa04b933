/** Before a stack is touched: is what Docker has of that name this checkout's, and is this the Docker that has it? */
import * as fs from "node:fs";
import * as path from "node:path";
import Dockerode from "dockerode";
import { CHECKOUT_LABEL, STACK_LABEL } from "../../labels";
import { UserError } from "../../stack/console";
import { STATE_FOLDER } from "../../stack/engines/local-state";

/** What is known of a stack's whereabouts. */
export interface Whereabouts {
  readonly stack: string;
  /** Whether this checkout's state has something of the stack. */
  readonly isDeployed: boolean;
  readonly checkout: string;
  /** For each of the stack's volumes in Docker, the checkout that made it; undefined where that is not known. */
  readonly madeBy: readonly (string | undefined)[];
  /** The Docker daemon that answers, and the one that the stack was deployed to. */
  readonly daemon: Daemon;
  readonly deployedTo: Daemon | undefined;
}

export interface Daemon {
  readonly id: string;
  readonly host: string;
}

/** What is in the way of touching a stack; undefined when it is this checkout's, in this Docker, or nobody's. */
export function strangerOf(where: Whereabouts): UserError | undefined {
  const { stack, isDeployed, checkout, madeBy, daemon, deployedTo } = where;
  if (isDeployed && deployedTo !== undefined && deployedTo.id !== daemon.id) {
    return new UserError(
      `Stack ${stack} was deployed to the Docker daemon at ${deployedTo.host}; the one at ${daemon.host} is another.`,
      `Choose that one again (DOCKER_HOST, \`docker context use\`). If it is gone for good, with everything in it: rm '${fileOf(stack)}', then \`npm run refresh -- --stack ${stack}\`.`,
    );
  }
  const others = [...new Set(madeBy.filter((path) => path !== checkout))];
  if (isDeployed || others.length === 0) return undefined;
  const [owner] = others;
  return new UserError(
    `Stack ${stack} on this Docker belongs to another checkout${owner === undefined ? ", or its state is lost" : `: ${owner}`}.`,
    "Take another stack name here (a file Pulumi.<name>.yaml with a cdc:portOffset of its own)" +
      (owner === undefined
        ? `, or remove what \`docker ps -a --filter label=${STACK_LABEL}=${stack}\` lists, and volumes and networks likewise.`
        : `, or destroy the other one: cd '${owner}' && npm run destroy -- --stack ${stack}`),
  );
}

/**
 * @throws UserError when the stack is another checkout's, or in another Docker
 */
export async function checkOwnership(stack: string, isDeployed: boolean): Promise<void> {
  const docker = new Dockerode();
  const filters = { label: [`${STACK_LABEL}=${stack}`] };
  const [{ ID: id }, { Volumes: volumes }] = await Promise.all([
    docker.info(),
    docker.listVolumes({ filters: JSON.stringify(filters) }),
  ]);
  const stranger = strangerOf({
    stack,
    isDeployed,
    checkout: process.cwd(),
    madeBy: (volumes ?? []).map(({ Labels: labels }) => labels?.[CHECKOUT_LABEL]),
    daemon: { id, host: hostNow() },
    deployedTo: recorded(stack),
  });
  if (stranger) throw stranger;
}

/** Notes the Docker daemon that a stack is deployed to. */
export async function recordDaemon(stack: string): Promise<void> {
  const { ID: id } = await new Dockerode().info();
  const daemon: Daemon = { id, host: hostNow() };
  fs.mkdirSync(path.dirname(fileOf(stack)), { recursive: true, mode: 0o700 });
  fs.writeFileSync(fileOf(stack), `${JSON.stringify(daemon)}\n`);
}

export function forgetDaemon(stack: string): void {
  fs.rmSync(fileOf(stack), { force: true });
}

function recorded(stack: string): Daemon | undefined {
  return fs.existsSync(fileOf(stack)) ? JSON.parse(fs.readFileSync(fileOf(stack), "utf8")) : undefined;
}

function fileOf(stack: string): string {
  return path.join(STATE_FOLDER, "daemons", `${stack}.json`);
}

function hostNow(): string {
  return process.env.DOCKER_HOST ?? "its usual socket";
}
