/** A command's output as a terminal shows it. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import execa from "execa";
import type { Locator, Page } from "playwright-core";

const COLUMNS = 120;
/** The end of a run: its last steps and the table of endpoints. */
const ROWS = 62;

/** Runs a command in a pseudo-terminal, visibly, and returns every byte that it printed. Fails when the command does. */
export async function recordTerminal(command: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "recording-"));
  const file = path.join(folder, "terminal");
  // `script` takes the size of a terminal from its own, which need not be one.
  const sized = `stty cols ${COLUMNS} rows ${ROWS}; ${command}`;
  await execa("script", ["--quiet", "--return", "--flush", "--command", sized, file], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  const recorded = fs.readFileSync(file, "utf8");
  fs.rmSync(folder, { recursive: true });
  // Without the lines that `script` adds about itself.
  const output = recorded.replace(/^Script started.*\n/, "").replace(/\nScript done[^\n]*\n?$/, "");
  return `$ ${command}\r\n${output}`;
}

/** Shows a recording in the page, in a terminal; its screen is what is to be photographed. */
export async function terminalPage(page: Page, recording: string): Promise<Locator> {
  await page.setViewportSize({ width: 1280, height: 1400 });
  await page.setContent(
    '<body style="margin:0;background:#1e1e1e"><div id="terminal" style="padding:8px;width:max-content"></div></body>',
  );
  await page.addStyleTag({ path: require.resolve("@xterm/xterm/css/xterm.css") });
  await page.addScriptTag({ path: require.resolve("@xterm/xterm") });
  await page.evaluate(
    ({ text, cols, rows }) =>
      new Promise<void>((resolve) => {
        // biome-ignore lint/suspicious/noExplicitAny: globals of the page
        const { Terminal, document } = globalThis as any;
        const theme = { background: "#1e1e1e", cursor: "#1e1e1e" };
        const terminal = new Terminal({
          cols,
          rows,
          scrollback: 0,
          theme,
          fontSize: 13,
          fontFamily: "DejaVu Sans Mono, monospace",
        });
        terminal.open(document.getElementById("terminal"));
        terminal.write(text, () => setTimeout(resolve, 500));
      }),
    { text: recording, cols: COLUMNS, rows: ROWS },
  );
  return page.locator("#terminal");
}
