/** Pure: the results as tables of text, for the terminal and for Markdown. */
import type { Measurement } from "../measurement";
import { type Goal, goalsOf } from "./goals";
import { readable } from "./numbers";
import type { Results } from "./results";

export interface TextTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function tablesOf(results: Results): TextTable[] {
  const tables = [goalTable(goalsOf(results.measurements)), ...scenarioTables(results.measurements)];
  if (results.failures.length > 0) {
    tables.push({
      title: "Not measured",
      head: ["What", "Why"],
      rows: results.failures.map(({ what, why }) => [what, why]),
    });
  }
  return tables;
}

function goalTable(goals: readonly Goal[]): TextTable {
  const verdict = (met: boolean | undefined) =>
    met === undefined ? "not measured" : met ? "met" : "NOT MET";
  return {
    title: "Goals",
    head: ["Figure", "Goal", "Reached", ""],
    rows: goals.map(({ figure, goal, reached, met }) => [figure, goal, reached ?? "–", verdict(met)]),
  };
}

/** A table a scenario: a row a metric and system, in the order in which they were measured. */
function scenarioTables(measurements: readonly Measurement[]): TextTable[] {
  const scenarios = [...new Set(measurements.map(({ scenario }) => scenario))];
  return scenarios.map((scenario) => {
    const of = measurements.filter((one) => one.scenario === scenario);
    const metrics = [...new Set(of.map(({ metric }) => metric))];
    return {
      title: `${scenario.charAt(0).toUpperCase()}${scenario.slice(1)}`,
      head: ["Metric", "System", "Value", "Limited by", "How"],
      rows: metrics.flatMap((metric) =>
        of
          .filter((one) => one.metric === metric)
          .map(({ system, value, unit, limitedBy, detail }) => [
            metric,
            system,
            `${readable(value)} ${unit}`,
            limitedBy ?? "",
            detail ?? "",
          ]),
      ),
    };
  });
}
