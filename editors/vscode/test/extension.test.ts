// The bundle as it is packaged, loaded over a stand-in for the editor, and held against the manifest.

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, existsSync, rmSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { LANGUAGES, serverOptions } from "../src/options";

// The tests run from the folder of the package.
const root = process.cwd();
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
const nothing = mkdtempSync(path.join(tmpdir(), "taglint-extension-"));
after(() => rmSync(nothing, { recursive: true }));

/** What the extension did to the editor. */
interface Seen {
  commands: Map<string, (...given: unknown[]) => unknown>;
  messages: string[];
  answers: string[];
  executed: unknown[][];
}

interface Loaded {
  activate(context: unknown): Promise<void>;
  deactivate(): Promise<void>;
}

function load(seen: Seen): Loaded {
  const disposable = { dispose() {} };
  const message = async (text: string): Promise<string | undefined> => {
    seen.messages.push(text);
    return seen.answers.shift();
  };
  const parts: Record<string, unknown> = {
    commands: {
      registerCommand(name: string, run: (...given: unknown[]) => unknown) {
        seen.commands.set(name, run);
        return disposable;
      },
      async executeCommand(...given: unknown[]) {
        seen.executed.push(given);
      },
    },
    window: {
      createOutputChannel: () => ({ error() {}, info() {}, show() {}, dispose() {} }),
      showErrorMessage: message,
      showInformationMessage: message,
      activeTextEditor: undefined,
      onDidChangeActiveColorTheme: () => disposable,
    },
    workspace: {
      getConfiguration: () => ({ get: (name: string, otherwise?: unknown) => (name === "path" ? "taglint" : otherwise) }),
      onDidChangeConfiguration: () => disposable,
      onDidSaveTextDocument: () => disposable,
      workspaceFolders: undefined,
    },
    Uri: { joinPath: (base: string, ...more: string[]) => [base, ...more].join("/") },
  };
  // The client's classes extend classes of the editor as soon as they are loaded.
  const any: unknown = new Proxy(class {}, {
    get: (target, name) => (name in target ? Reflect.get(target, name) : any),
  });
  const editor = new Proxy(parts, { get: (target, name) => Reflect.get(target, name) ?? any });
  const loader = Module as unknown as { _load(name: string, ...more: unknown[]): unknown };
  const before = loader._load;
  loader._load = (name, ...more) => (name === "vscode" ? editor : before.call(loader, name, ...more));
  try {
    return createRequire(path.join(root, "package.json"))("./dist/extension.js") as Loaded;
  } finally {
    loader._load = before;
  }
}

test("without the program there is a message with the way out; commands stay", async () => {
  const seen: Seen = { commands: new Map(), messages: [], answers: ["How to Install"], executed: [] };
  const extension = load(seen);
  const subscriptions: unknown[] = [];
  const search = process.env["PATH"];
  process.env["PATH"] = nothing;
  try {
    await extension.activate({ subscriptions, extensionUri: "extension" });
  } finally {
    process.env["PATH"] = search;
  }
  await new Promise((done) => setImmediate(done));
  assert.deepEqual(seen.messages, [
    "taglint: `taglint` is in none of the folders of PATH. Install the program, or name it in the setting taglint.path.",
  ]);
  assert.deepEqual(seen.executed, [["markdown.showPreview", "extension/install.md"]]);
  assert.ok(existsSync(path.join(root, "install.md")));

  const declared = manifest.contributes.commands.map((command: { command: string }) => command.command);
  assert.deepEqual([...seen.commands.keys()].sort(), [...declared].sort());
  await seen.commands.get("taglint.showPlan")?.();
  assert.equal(seen.messages[1], "taglint: open a workflow to see what it publishes.");
  await seen.commands.get("taglint.showPlan")?.("file:///a.yml");
  assert.equal(seen.messages[2], "taglint: there is no plan to show: the server is not running");
  await extension.deactivate();
});

test("defaults of the manifest are those of the options", () => {
  const properties = manifest.contributes.configuration.properties;
  const around = { env: {}, home: "/", folder: undefined, platform: process.platform };
  const options = serverOptions(() => undefined, around);
  for (const [name, value] of Object.entries(options)) {
    assert.equal(properties[`taglint.${name}`].default, value, name);
    const words = properties[`taglint.${name}`].description ?? properties[`taglint.${name}`].markdownDescription;
    assert.ok(words.length > 20, name);
  }
});

test("what activates the extension is of a language that it serves", () => {
  const languages = manifest.activationEvents.filter((event: string) => event.startsWith("onLanguage:"));
  assert.ok(languages.length > 0);
  for (const event of languages) {
    assert.ok((LANGUAGES as readonly string[]).includes(event.slice("onLanguage:".length)), event);
  }
});

test("the schema of the policy is the repository's", () => {
  const [validation] = manifest.contributes.yamlValidation;
  const shipped = readFileSync(path.join(root, validation.url), "utf8");
  assert.equal(shipped, readFileSync(path.join(root, "../../schemas/policy.schema.json"), "utf8"));
});
