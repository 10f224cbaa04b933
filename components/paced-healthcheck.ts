/** How often a service's own health check runs: eagerly while it starts, rarely once it is usable. */

/** Seconds between two checks of a service that is usable. */
const PAUSE_SECONDS = 20;
/** Seconds that one check waits for a service that is not usable (yet). */
const PATIENCE_SECONDS = 10;

/**
 * `sh -c SCRIPT CHECK ARGUMENT…`. Docker has one interval for both times (two only since API 1.44, which Debian's engine
 * does not speak), and every check costs the start of a process in the container. So the interval is short, and the check keeps the
 * pace itself. /dev/shm is empty again whenever the container has been started.
 */
const SCRIPT = `seen=/dev/shm/.seen-usable
if [ -e $seen ]; then
  sleep ${PAUSE_SECONDS}
  said=$("$0" "$@" 2>&1) && exit 0
  rm -f $seen
else
  end=$(($(date +%s) + ${PATIENCE_SECONDS}))
  until said=$("$0" "$@" 2>&1); do
    if [ "$(date +%s)" -ge $end ]; then echo "$said"; exit 1; fi
    sleep 0.3
  done
  touch $seen
  exit 0
fi
echo "$said"
exit 1`;

/**
 * Health check of a container whose image has one: usable is noticed within half a second, trouble after at most
 * 20 seconds, and called unhealthy a minute later.
 *
 * @param command the image's own check with its arguments: exit code 0 when the service is usable, else a line that says why not
 */
export function pacedHealthcheck(command: string[]) {
  return {
    tests: ["CMD", "sh", "-c", SCRIPT, ...command],
    interval: "1s",
    timeout: "45s",
    retries: 6,
    // A machine that builds images meanwhile needs its time; with the retries it is what a container is waited for.
    startPeriod: "90s",
  };
}
