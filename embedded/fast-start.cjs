// Preloaded (`--require`) into the command line and into the processes of the embedded engine, in place of tsx: the same
// TypeScript through the same compiler with the same options, but what esbuild and V8 make of a file is kept for the next run,
// in node_modules/.cache/cdc-platform, under the hash of the file's text: a changed file is never taken for the old one.
// Under the Pulumi CLI tsx itself does the work (Pulumi.yaml).
"use strict";
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const vm = require("node:vm");

const CACHE = path.resolve(__dirname, "../node_modules/.cache/cdc-platform");

/** As tsx has them: a dynamic provider's class is text in the state, and has to stay the same text. */
const OPTIONS = {
  loader: "ts",
  format: "cjs",
  target: `node${process.versions.node}`,
  minifyWhitespace: true,
  keepNames: true,
};

/** Of the SDK's own needs: big, and used by tracing and by uploading a program's packages only, which happens nowhere here. */
const LATE = new Set([
  "@npmcli/arborist",
  "@opentelemetry/exporter-zipkin",
  "@opentelemetry/instrumentation",
  "@opentelemetry/instrumentation-grpc",
  "@opentelemetry/resources",
  "@opentelemetry/sdk-trace-base",
  "@opentelemetry/sdk-trace-node",
]);

const hashOf = (...texts) => {
  const hash = createHash("sha1");
  for (const text of texts) hash.update(text).update("\0");
  return hash.digest("base64url");
};

/** Renamed into place: another process finds either nothing or the whole file. No cache is no reason to fail. */
function keep(file, content) {
  try {
    fs.mkdirSync(CACHE, { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, content);
    fs.renameSync(unfinished, file);
  } catch {}
}

function found(file, encoding) {
  try {
    return fs.readFileSync(file, encoding);
  } catch {
    return undefined;
  }
}

let version;
function compiled(text, filename) {
  version ??= `${require("esbuild/package.json").version} ${JSON.stringify(OPTIONS)}`;
  const file = path.join(CACHE, `${hashOf(version, filename, text)}.js`);
  const known = found(file, "utf8");
  if (known !== undefined) return known;
  const { code } = require("esbuild").transformSync(text, { ...OPTIONS, sourcefile: filename });
  keep(file, code);
  return code;
}

Module._extensions[".ts"] = (module, filename) =>
  module._compile(compiled(fs.readFileSync(filename, "utf8"), filename), filename);

/** Stands for a module until something of it is asked for. */
function late(load) {
  let loaded;
  const real = () => (loaded ??= load());
  return new Proxy(
    {},
    {
      get(_, name) {
        if (name === "__esModule") return true;
        return name === "default" && !real().__esModule ? real() : real()[name];
      },
      has: (_, name) => name in real(),
    },
  );
}

const load = Module._load;
Module._load = function (request, parent, isMain) {
  // It would read a map for every file in every stack trace, and there are several traces for each resource.
  if (request === "source-map-support/register" || request === "source-map-support") return { install() {} };
  // How a dynamic provider loads its module (providers/dynamic.ts).
  if (request === "tsx/cjs/api") return { require: (id, from) => Module.createRequire(from)(id) };
  if (LATE.has(request)) return late(() => load.call(Module, request, parent, false));
  return load.call(this, request, parent, isMain);
};

if (Module.enableCompileCache) {
  Module.enableCompileCache(path.join(CACHE, "v8"));
} else {
  keepV8Code();
}

/** What Module.enableCompileCache does from Node.js 22 on. One file for each way in, since each loads other modules. */
function keepV8Code() {
  const entry = path.basename(path.dirname(process.argv[1] ?? ""));
  const file = path.join(CACHE, `${hashOf(process.version, process.arch, entry)}.v8`);
  const blobs = readBlobs(found(file));
  const fresh = new Map();
  let saving;

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (text, filename, format) {
    if (format) return compile.call(this, text, filename, format);
    const source = text.startsWith("#!") ? `//${text}` : text;
    const hash = hashOf(source);
    const known = blobs.get(filename);
    const script = new vm.Script(Module.wrap(source), {
      filename,
      cachedData: known?.hash === hash ? known.blob : undefined,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    if (known?.hash !== hash || script.cachedDataRejected) {
      fresh.set(filename, { hash, script });
      // Not only at the end: the engine kills the process of the dynamic providers.
      clearTimeout(saving);
      saving = setTimeout(save, 500).unref();
    }
    const run = script.runInThisContext();
    return run.call(this.exports, this.exports, requireOf(this), this, filename, path.dirname(filename));
  };

  function save() {
    if (fresh.size === 0) return;
    for (const [filename, { hash, script }] of fresh)
      blobs.set(filename, { hash, blob: script.createCachedData() });
    fresh.clear();
    keep(file, writeBlobs(blobs));
  }
  process.on("exit", save);
}

function requireOf(module) {
  const require = (id) => module.require(id);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  return require;
}

/** A line of JSON, [filename, hash, length] for each blob, and the blobs. */
function writeBlobs(blobs) {
  const index = [...blobs].map(([filename, { hash, blob }]) => [filename, hash, blob.length]);
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(index)}\n`),
    ...[...blobs.values()].map(({ blob }) => blob),
  ]);
}

function readBlobs(content) {
  const blobs = new Map();
  if (content === undefined) return blobs;
  let at = content.indexOf("\n") + 1;
  for (const [filename, hash, length] of JSON.parse(content.toString("utf8", 0, at))) {
    blobs.set(filename, { hash, blob: content.subarray(at, at + length) });
    at += length;
  }
  return blobs;
}
