// The settings as the server takes them. Nothing here knows the editor.

import * as path from "node:path";
import { expandPath, type Surroundings } from "./binary";

/** What `initialize` and every change of settings hand to the server. */
export interface ServerOptions {
  /** The policy file for all files, or null for the nearest one of each. */
  config: string | null;
  unsafeFixes: boolean;
  inlayHints: boolean;
  codeLens: boolean;
  diagnostics: "open" | "workspace";
}

/** The value of a setting of the section `taglint`, whatever stands there. */
export type Settings = (name: string) => unknown;

/** Settings of a wrong type count as not set: the editor underlines them already. */
export function serverOptions(settings: Settings, around: Surroundings): ServerOptions {
  const flag = (name: string, otherwise: boolean): boolean => {
    const value = settings(name);
    return typeof value === "boolean" ? value : otherwise;
  };
  return {
    config: policyPath(settings("config"), around),
    unsafeFixes: flag("unsafeFixes", true),
    inlayHints: flag("inlayHints", true),
    codeLens: flag("codeLens", true),
    diagnostics: settings("diagnostics") === "workspace" ? "workspace" : "open",
  };
}

function policyPath(value: unknown, around: Surroundings): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  const full = text === "" ? undefined : expandPath(text, around);
  if (full === undefined) {
    return null;
  }
  // Unlike a program, a policy is never looked for on PATH.
  return path.isAbsolute(full) || around.folder === undefined ? full : path.join(around.folder, full);
}

/** The languages whose files may name container tags. */
export const LANGUAGES = [
  "yaml",
  "dockercompose",
  "github-actions-workflow",
  "helm",
  "helm-template",
  "dockerfile",
  "dockerbake",
  "json",
  "jsonc",
  "hcl",
  "makefile",
  "shellscript",
] as const;

/** Files whose language differs between editors, by name. */
export const PATTERNS = ["**/.env", "**/.env.*", "**/*.env", "**/*.hcl", "**/{Docker,Container}file*"] as const;

/** Which files of the disk the server hears of. */
export function documentSelector(): { scheme: string; language?: string; pattern?: string }[] {
  return [
    ...LANGUAGES.map((language) => ({ scheme: "file", language })),
    ...PATTERNS.map((pattern) => ({ scheme: "file", pattern })),
  ];
}
