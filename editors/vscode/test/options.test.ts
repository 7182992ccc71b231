import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import type { Surroundings } from "../src/binary";
import { documentSelector, serverOptions } from "../src/options";

const around: Surroundings = { env: {}, home: "/home/a", folder: "/home/a/project", platform: "linux" };

function options(settings: Record<string, unknown>, change: Partial<Surroundings> = {}) {
  return serverOptions((name) => settings[name], { ...around, ...change });
}

const DEFAULTS = { config: null, unsafeFixes: true, inlayHints: true, codeLens: true, diagnostics: "open" };

test("without settings the defaults hold, and so they do for values of a wrong type", () => {
  assert.deepEqual(options({}), DEFAULTS);
  assert.deepEqual(options({ config: 1, unsafeFixes: "yes", inlayHints: null, codeLens: 0, diagnostics: "all" }), DEFAULTS);
  assert.deepEqual(options({ config: "  " }), DEFAULTS);
});

test("settings are passed on", () => {
  const given = { config: "/etc/taglint.yaml", unsafeFixes: false, inlayHints: false, codeLens: false, diagnostics: "workspace" };
  assert.deepEqual(options(given), given);
});

test("the policy's path is made whole", () => {
  const config = (text: string, change = {}) => options({ config: text }, change).config;
  assert.equal(config("taglint.yaml"), path.join("/home/a/project", "taglint.yaml"));
  assert.equal(config("ci/taglint.yaml"), path.join("/home/a/project", "ci", "taglint.yaml"));
  assert.equal(config("~/taglint.yaml"), path.join("/home/a", "taglint.yaml"));
  assert.equal(config("${workspaceFolder}/a.yaml"), path.join("/home/a/project", "a.yaml"));
  assert.equal(config("ci/taglint.yaml", { folder: undefined }), null);
});

test("only files of the disk are asked for", () => {
  const selector = documentSelector();
  assert.ok(selector.every((filter) => filter.scheme === "file" && Boolean(filter.language ?? filter.pattern)));
  assert.ok(selector.some((filter) => filter.language === "github-actions-workflow"));
  assert.ok(selector.some((filter) => filter.pattern === "**/.env"));
});
