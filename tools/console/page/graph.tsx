import { Fragment } from "preact";
import type { Edge, Node, View } from "../view";
import { HealthMark } from "./health";

interface Choosing {
  readonly chosen: string | null;
  readonly choose: (id: string | null) => void;
}

/** The flow from left to right; below each of its nodes those that stand by it. */
export function Graph({ view: { nodes, edges }, ...choosing }: { view: View } & Choosing) {
  const flow = nodes.filter(({ beside }) => beside === null);
  return (
    <section aria-labelledby="flow">
      <h2 id="flow">Where data flows</h2>
      <ol class="graph">
        {flow.map((node) => {
          const edge = edges.find(({ from }) => from === node.id);
          const others = nodes.filter(({ beside }) => beside === node.id);
          return (
            <Fragment key={node.id}>
              <li class="stop">
                <NodeButton node={node} {...choosing} />
                {others.length > 0 && (
                  <ul class="beside">
                    {others.map((other) => (
                      <li key={other.id}>
                        <NodeButton node={other} {...choosing} />
                      </li>
                    ))}
                  </ul>
                )}
              </li>
              {edge && <Arrow edge={edge} />}
            </Fragment>
          );
        })}
      </ol>
    </section>
  );
}

function NodeButton({ node, chosen, choose }: { node: Node } & Choosing) {
  const { id, title, health, says } = node;
  return (
    <button
      type="button"
      id={`node-${id}`}
      class={`node ${health}`}
      aria-expanded={chosen === id}
      aria-controls="details"
      onClick={() => choose(chosen === id ? null : id)}
    >
      <HealthMark health={health} />
      <strong>{title}</strong>
      <span>{says}</span>
    </button>
  );
}

function Arrow({ edge: { rate, lag, isClear } }: { edge: Edge }) {
  return (
    <li class={`edge ${isClear ? "clear" : "waiting"}`}>
      <span class="rate">{rate ?? ""}</span>
      <svg viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
        <path d="M0 6H100" />
      </svg>
      <span class="lag">{lag ?? ""}</span>
    </li>
  );
}
