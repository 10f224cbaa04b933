import { useEffect, useRef, useState } from "preact/hooks";
import type { Details, Node } from "../view";

/** Beside the graph: what a node tells of itself. Escape closes it. */
export function NodeDetails({ node, close }: { node: Node; close: () => void }) {
  const { id, title, page } = node;
  const [details, setDetails] = useState<Details | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    let isCurrent = true;
    setDetails(null);
    heading.current?.focus();
    fetch(`/nodes/${id}`)
      .then((answer) => answer.json())
      .then((found: Details) => isCurrent && setDetails(found))
      .catch(() => isCurrent && setDetails(null));
    return () => {
      isCurrent = false;
    };
  }, [id]);
  const leave = () => {
    close();
    document.getElementById(`node-${id}`)?.focus();
  };
  return (
    <section
      id="details"
      aria-labelledby="details-title"
      aria-busy={details === null}
      onKeyDown={({ key }) => key === "Escape" && leave()}
    >
      <h2 id="details-title" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      <button type="button" class="close" onClick={leave}>
        Close
      </button>
      <p>
        {details?.endpoint && (
          <>
            In the stack's network at <code>{details.endpoint}</code>.{" "}
          </>
        )}
        {page && (
          <a href={page} target="_blank" rel="noreferrer">
            Its own page
          </a>
        )}
      </p>
      {details && (
        <>
          <Pairs pairs={details.facts} />
          {details.configuration.length > 0 && (
            <details>
              <summary>Configuration ({details.configuration.length}), without secrets</summary>
              <Pairs pairs={details.configuration} />
            </details>
          )}
          {"text" in details.log ? (
            <details open>
              <summary>{details.log.of}</summary>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard */}
              <pre tabIndex={0}>{details.log.text}</pre>
            </details>
          ) : (
            <p class="quiet">{details.log.missing}</p>
          )}
        </>
      )}
    </section>
  );
}

function Pairs({ pairs }: { pairs: Details["facts"] }) {
  return (
    <dl>
      {pairs.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
