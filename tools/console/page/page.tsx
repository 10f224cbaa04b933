import { useEffect, useState } from "preact/hooks";
import { sizeText } from "../text";
import type { View } from "../view";
import { Chart } from "./chart";
import { NodeDetails } from "./details";
import { Graph } from "./graph";
import { HealthMark } from "./health";
import { rates } from "./series";
import { Tables } from "./tables";

/** Milliseconds between two questions, while the page is in sight. */
const ASK_EVERY = 5_000;

export function Page() {
  const { view, error } = useView();
  const [chosen, choose] = useState<string | null>(null);
  if (!view) return <p class="loading">{error ?? "Looking at the stack …"}</p>;
  const node = view.nodes.find(({ id }) => id === chosen);
  return (
    <>
      <header>
        <h1>Stack {view.stack}</h1>
        <p class="overview" role="status">
          <HealthMark health={view.well ? "well" : "trouble"} />
          {view.overview}
        </p>
        <p class="quiet">
          Seen <time dateTime={view.at}>{view.at.slice(11, 19)} UTC</time>
          {error && <strong role="alert"> · {error}</strong>}
        </p>
      </header>
      <main>
        <Wrong view={view} />
        <Graph view={view} chosen={chosen} choose={choose} />
        {node && <NodeDetails node={node} close={() => choose(null)} />}
        <section aria-labelledby="charts">
          <h2 id="charts">The last hour</h2>
          <div class="charts">
            <Chart
              title="Throughput"
              unit="messages/s"
              series={[
                { name: "into Kafka", points: rates(view.history, "written") },
                { name: "into the lake", points: rates(view.history, "read") },
              ]}
            />
            <Chart
              title="Lag"
              unit="messages not in the lake"
              series={[{ name: "waiting", points: view.history.map(({ at, behind }) => [at, behind]) }]}
            />
            <Chart
              title="Freshness"
              unit="seconds the lake is behind"
              series={[{ name: "behind", points: view.history.map(({ at, staleness }) => [at, staleness]) }]}
            />
            <Chart
              title="Replication slot"
              unit="log not confirmed"
              series={[{ name: "held back", points: view.history.map(({ at, slotLag }) => [at, slotLag]) }]}
              format={sizeText}
            />
          </div>
        </section>
        <Tables rows={view.tables} />
      </main>
    </>
  );
}

function Wrong({ view: { alarms, notReached } }: { view: View }) {
  if (alarms.length + notReached.length === 0) return null;
  return (
    <section aria-labelledby="wrong" class="wrong">
      <h2 id="wrong">Wrong now</h2>
      <ul>
        {alarms.map(({ text }) => (
          <li key={text}>
            <HealthMark health="trouble" /> <span>{text}</span>
          </li>
        ))}
        {notReached.map(({ part, reason }) => (
          <li key={part}>
            <HealthMark health="silent" />{" "}
            <span>
              No answer from {part}: {reason}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Asks again and again; a page that nobody sees asks nothing. */
function useView(): { view: View | undefined; error: string | undefined } {
  const [view, setView] = useState<View>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    const ask = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch("/view");
        // The session ended: the form to sign in is where the page is.
        if (answer.status === 401) return location.reload();
        setView(await answer.json());
        setError(undefined);
      } catch {
        setError("The console does not answer.");
      }
    };
    void ask();
    const timer = setInterval(ask, ASK_EVERY);
    document.addEventListener("visibilitychange", ask);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", ask);
    };
  }, []);
  return { view, error };
}
