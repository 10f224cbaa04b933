/**
 * Imports run one way, downwards:
 *
 *   cli, tools, bench   what a person runs
 *   readers             what is read of a stack that is up: lake, Kafka, source
 *   stack               engines, outputs and console: what stands between a command and a stack
 *   embedded            the engine; knows no component
 *   index, config       the program
 *   components          what the program declares
 *   providers           what makes it
 *
 * outputs.ts and labels.ts are the words that all of them share.
 */
const PROGRAM = "^(index|config|program-outputs)\\.ts$";
const TOPS = "^(cli|tools|bench|tests)/";

/** A folder, and what it must not know. */
const below = (name, from, ...to) => ({ name, severity: "error", from, to: { path: to } });

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    below(
      "providers-know-nothing-above",
      { path: "^providers/" },
      PROGRAM,
      TOPS,
      "^(components|embedded|stack|readers)/",
    ),
    below(
      "components-know-nothing-above",
      { path: "^components/" },
      PROGRAM,
      TOPS,
      "^outputs\\.ts$",
      "^(embedded|stack|readers)/",
    ),
    {
      name: "components-know-what-providers-take-not-how-they-work",
      severity: "error",
      from: { path: "^components/" },
      to: {
        path: "^providers/[^/]+/(provider|client|admin)\\.ts$|^providers/kafka-connect/(rest/client\\.ts$|checks/|deployment/)",
      },
    },
    below(
      "the-engine-knows-no-component",
      { path: "^embedded/" },
      PROGRAM,
      TOPS,
      "^outputs\\.ts$",
      "^(components|stack|readers)/",
    ),
    below("the-program-knows-no-command", { path: PROGRAM }, TOPS, "^(embedded|stack|readers)/"),
    below(
      "the-contract-knows-no-program",
      { path: "^(outputs|labels)\\.ts$" },
      PROGRAM,
      TOPS,
      "^(components|embedded|stack|readers)/",
    ),
    below("stack-knows-no-command", { path: "^stack/" }, PROGRAM, TOPS, "^readers/"),
    below("readers-know-no-command", { path: "^readers/" }, PROGRAM, TOPS, "^(components|embedded)/"),
    // Exception: graph draws what the program declares.
    below(
      "commands-know-the-program-by-its-outputs",
      { path: "^(cli|tools|bench)/", pathNot: "^tools/graph/" },
      PROGRAM,
    ),
    {
      name: "cli-knows-of-a-command-its-command-line",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: TOPS, pathNot: ["^cli/", "^tools/[^/]+/command\\.ts$", "^bench/command\\.ts$"] },
    },
    below("tools-know-no-cli", { path: "^tools/" }, "^(cli|bench|tests)/"),
    {
      name: "tools-do-not-know-each-other",
      severity: "error",
      // Exception: doctor asks what status shows, and compares as verify does; so does the continuous proof. The console shows what status does.
      from: { path: "^tools/([^/]+)/", pathNot: "^tools/(doctor|proof|console)/" },
      to: { path: "^tools/", pathNot: "^tools/$1/" },
    },
    below("doctor-knows-status-and-verify", { path: "^tools/doctor/" }, "^tools/(?!doctor|status|verify)"),
    below("proof-knows-verify", { path: "^tools/proof/" }, "^tools/(?!proof|verify)"),
    below("console-knows-status", { path: "^tools/console/" }, "^tools/(?!console|status)"),
    {
      name: "the-console's-page-knows-no-service",
      severity: "error",
      from: { path: "^tools/console/page/" },
      to: { path: "^(tools|readers|providers|stack)/", pathNot: "^tools/console/(page/|(view|text)\\.ts$)" },
    },
    below("bench-knows-no-cli", { path: "^bench/" }, "^(cli|tests)/"),
    {
      name: "bench-knows-no-tool",
      severity: "error",
      from: { path: "^bench/" },
      // Exception: it loads the same random customers as datagen.
      to: { path: "^tools/", pathNot: "^tools/datagen/(customers/|random\\.ts$)" },
    },
  ],
  options: {
    // Types too: what only a type needs is known all the same.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules|^\\.venv|^spark/|^images/" },
  },
};
