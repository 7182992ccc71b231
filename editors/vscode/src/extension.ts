// Starts `taglint lsp`, keeps it in step with the settings, and shows its plans.

import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  DidChangeConfigurationNotification,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
} from "vscode-languageclient/node";
import { findProgram, type Surroundings } from "./binary";
import { documentSelector, serverOptions } from "./options";
import { Panels } from "./panels";

const SECTION = "taglint";

let client: LanguageClient | undefined;
// Starts and stops follow one another, however fast they are asked for.
let turn: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("taglint", { log: true });
  const panels = new Panels(async (uri) => {
    if (!client?.isRunning()) {
      throw new Error("the server is not running");
    }
    return client.sendRequest(ExecuteCommandRequest.type, { command: "taglint.plan", arguments: [uri] });
  });
  const restart = (): Promise<void> => {
    turn = turn.then(stop).then(() => start(context, output));
    return turn;
  };
  context.subscriptions.push(
    output,
    panels,
    vscode.commands.registerCommand("taglint.showPlan", async (uri?: unknown) => {
      const wanted = typeof uri === "string" ? uri : vscode.window.activeTextEditor?.document.uri.toString();
      if (wanted === undefined) {
        void vscode.window.showInformationMessage("taglint: open a workflow to see what it publishes.");
        return;
      }
      await panels.show(wanted);
    }),
    vscode.commands.registerCommand("taglint.restart", restart),
    vscode.commands.registerCommand("taglint.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.path`)) {
        void restart();
      } else if (event.affectsConfiguration(SECTION)) {
        void sendSettings();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  turn = turn.then(stop);
  await turn;
}

function surroundings(): Surroundings {
  return {
    env: process.env,
    home: homedir(),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    platform: process.platform,
  };
}

function settings() {
  const section = vscode.workspace.getConfiguration(SECTION);
  return serverOptions((name) => section.get(name), surroundings());
}

async function sendSettings(): Promise<void> {
  if (client?.isRunning()) {
    await client.sendNotification(DidChangeConfigurationNotification.type, { settings: { taglint: settings() } });
  }
}

async function start(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<void> {
  const wanted = vscode.workspace.getConfiguration(SECTION).get<string>("path", SECTION);
  const search = findProgram(wanted, surroundings());
  if ("missing" in search) {
    output.error(search.missing);
    void complain(context, search.missing);
    return;
  }
  output.info(`starting ${search.found}`);
  const server: ServerOptions = { command: search.found, args: ["lsp"] };
  const options: LanguageClientOptions = {
    documentSelector: documentSelector(),
    outputChannel: output,
    initializationOptions: settings,
    middleware: {
      workspace: {
        // The server asks for the section; it gets the same values as at the start.
        configuration: async (params, token, next) => {
          const answers = await next(params, token);
          if (!Array.isArray(answers)) {
            return answers;
          }
          return params.items.map((item, at) => (item.section === SECTION ? settings() : answers[at]));
        },
      },
    },
  };
  client = new LanguageClient(SECTION, "taglint", server, options);
  try {
    await client.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    client = undefined;
    output.error(reason);
    void complain(context, `\`${search.found} lsp\` did not start: ${reason}`);
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  try {
    await running?.dispose();
  } catch {
    // One that has ended by itself cannot be stopped again.
  }
}

async function complain(context: vscode.ExtensionContext, reason: string): Promise<void> {
  const install = "How to Install";
  const open = "Open Settings";
  const choice = await vscode.window.showErrorMessage(
    `taglint: ${reason}. Install the program, or name it in the setting taglint.path.`,
    install,
    open,
  );
  if (choice === install) {
    const page = vscode.Uri.joinPath(context.extensionUri, "install.md");
    await vscode.commands.executeCommand("markdown.showPreview", page);
  } else if (choice === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "taglint.path");
  }
}
