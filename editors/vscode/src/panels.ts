// The panels that show plans: one a document, fresh after each save and each change of the theme.

import * as vscode from "vscode";
import { asPlan, guarded, themed, type Plan } from "./page";

export class Panels implements vscode.Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();
  private readonly watched: vscode.Disposable[];

  /** `ask` gets the server's answer for a document. */
  constructor(private readonly ask: (uri: string) => Promise<unknown>) {
    this.watched = [
      vscode.workspace.onDidSaveTextDocument((document) => void this.refresh(document.uri.toString())),
      vscode.window.onDidChangeActiveColorTheme(() => {
        for (const uri of this.open.keys()) {
          void this.refresh(uri);
        }
      }),
    ];
  }

  async show(uri: string): Promise<void> {
    const plan = await this.plan(uri);
    if (plan === undefined) {
      return;
    }
    const panel = this.open.get(uri) ?? this.create(uri);
    fill(panel, plan);
    panel.reveal(undefined, true);
  }

  dispose(): void {
    for (const disposable of [...this.watched, ...this.open.values()]) {
      disposable.dispose();
    }
  }

  private async refresh(uri: string): Promise<void> {
    if (!this.open.has(uri)) {
      return;
    }
    const plan = await this.plan(uri);
    // The panel may have been closed in the meantime, and stays so.
    const panel = this.open.get(uri);
    if (plan !== undefined && panel !== undefined) {
      fill(panel, plan);
    }
  }

  private async plan(uri: string): Promise<Plan | undefined> {
    try {
      const plan = asPlan(await this.ask(uri));
      if (plan === undefined) {
        void vscode.window.showInformationMessage("taglint: this file publishes nothing.");
      }
      return plan;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`taglint: there is no plan to show: ${reason}`);
      return undefined;
    }
  }

  private create(uri: string): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel("taglint.plan", "taglint plan", vscode.ViewColumn.Beside, {
      enableScripts: false,
      enableCommandUris: false,
      enableForms: false,
      localResourceRoots: [],
    });
    this.open.set(uri, panel);
    panel.onDidDispose(() => this.open.delete(uri));
    return panel;
  }
}

function fill(panel: vscode.WebviewPanel, plan: Plan): void {
  panel.title = plan.title;
  const { kind } = vscode.window.activeColorTheme;
  const dark = kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
  panel.webview.html = guarded(themed(plan.html, dark));
}
