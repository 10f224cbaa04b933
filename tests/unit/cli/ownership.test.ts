/** Case two-checkouts-one-stack-name, where it is decided; tests/e2e/lifecycle/places.test.ts has it with containers. */
import { describe, expect, it } from "vitest";
import { strangerOf, type Whereabouts } from "../../../cli/checks/ownership";

const here = { id: "A", host: "its usual socket" };
const where = (facts: Partial<Whereabouts>): string | undefined => {
  const stranger = strangerOf({
    stack: "dev",
    isDeployed: false,
    checkout: "/home/me/cdc",
    madeBy: [],
    daemon: here,
    deployedTo: undefined,
    ...facts,
  });
  return stranger && `${stranger.message} ${stranger.fix}`;
};

describe("a stack's name", () => {
  it("that nobody has in Docker, or that this checkout has, is taken", () => {
    expect(where({})).toBeUndefined();
    expect(where({ madeBy: ["/home/me/cdc"] })).toBeUndefined();
  });

  it("that another checkout has is refused, with its path and what to do", () => {
    expect(where({ madeBy: ["/home/me/other", "/home/me/other"] })).toMatch(
      /Stack dev on this Docker belongs to another checkout: \/home\/me\/other\..*another stack name.*cd '\/home\/me\/other'/,
    );
    expect(where({ madeBy: [undefined] })).toMatch(/belongs to another checkout, or its state is lost/);
  });

  it("stays the checkout's own after it was moved together with its state", () => {
    expect(where({ isDeployed: true, madeBy: ["/home/me/before"], deployedTo: here })).toBeUndefined();
  });

  it("is refused in a Docker that it was not deployed to", () => {
    const elsewhere = { id: "B", host: "unix:///colima.sock" };
    expect(where({ isDeployed: true, deployedTo: elsewhere })).toMatch(
      /deployed to the Docker daemon at unix:\/\/\/colima\.sock; the one at its usual socket is another/,
    );
    expect(where({ isDeployed: false, deployedTo: elsewhere })).toBeUndefined();
  });
});
