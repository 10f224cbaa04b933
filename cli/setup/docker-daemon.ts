/** Makes every part of a command talk to the same Docker daemon: this process, Pulumi's plugin, and `docker exec`. */
import Dockerode from "dockerode";
import { chosenDaemon, isOnThisMachine } from "../../components/docker-daemon";
import { UserError } from "../../stack/console";

/**
 * Follows the Docker context chosen, by DOCKER_HOST, which all of them follow.
 *
 * @throws UserError when that cannot be, or when the daemon's ports are not this machine's
 */
export function followDockerContext(env: NodeJS.ProcessEnv = process.env): void {
  const daemon = daemonOf(env);
  if (daemon === undefined) {
    delete env.DOCKER_HOST;
    return;
  }
  if (daemon.tls) {
    throw new UserError(
      `${daemon.chosenBy} reaches Docker at ${daemon.host} with certificates of its own.`,
      `Set DOCKER_HOST=${daemon.host}, DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH.`,
    );
  }
  if (!isOnThisMachine(daemon)) {
    throw new UserError(
      `Docker at ${daemon.host} (chosen by ${daemon.chosenBy}) is on another machine: the ports that the platform publishes there cannot be reached as localhost here.`,
      "Run this on that machine, or forward its Docker socket and the published ports to this one and set DOCKER_HOST to the forwarded socket.",
    );
  }
  env.DOCKER_HOST = daemon.host;
}

/**
 * A daemon that somebody chose has to be there: none is installed and started in its place.
 *
 * @throws UserError when it does not answer
 */
export async function requireChosenDaemon(): Promise<void> {
  const chosenBy = daemonOf(process.env)?.chosenBy;
  followDockerContext();
  const host = process.env.DOCKER_HOST;
  if (host === undefined || (await dockerAnswers())) return;
  throw new UserError(
    `No Docker Engine answers at ${host} (chosen by ${chosenBy}).`,
    "Start it there, or choose another one: `docker context use default`, or unset DOCKER_HOST.",
  );
}

export async function dockerAnswers(): Promise<boolean> {
  try {
    await new Dockerode({ timeout: 5_000 }).ping();
    return true;
  } catch {
    return false;
  }
}

function daemonOf(env: NodeJS.ProcessEnv) {
  try {
    return chosenDaemon(env);
  } catch (error) {
    throw new UserError((error as Error).message, "`docker context ls` lists those that there are.");
  }
}
