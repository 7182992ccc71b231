// Finds the program that the settings name. Nothing here knows the editor.

import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

/** What the search depends on. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  home: string;
  /** The first folder of the workspace. */
  folder: string | undefined;
  platform: NodeJS.Platform;
}

export type Search = { found: string } | { missing: string };

/** The program's full path, or a sentence that says where it was looked for. */
export function findProgram(setting: string, around: Surroundings): Search {
  const name = setting.trim() || "taglint";
  const wanted = expandPath(name, around);
  if (wanted === undefined) {
    return { missing: `\`${name}\` starts at the folder of the workspace, and none is open` };
  }
  if (path.isAbsolute(wanted)) {
    const found = firstProgram([wanted], around);
    return found ? { found } : { missing: `there is no program at \`${wanted}\`` };
  }
  const folders = searchPath(around);
  const found = firstProgram(
    folders.map((folder) => path.join(folder, wanted)),
    around,
  );
  return found ? { found } : { missing: `\`${wanted}\` is in none of the folders of PATH` };
}

/**
 * A path with `~/` and `${workspaceFolder}` put in; relative ones start at the folder. A bare name
 * stays one. Nothing where a folder is needed and none is open.
 */
export function expandPath(text: string, around: Surroundings): string | undefined {
  const marker = "${workspaceFolder}";
  if (text === "~" || /^~[/\\]/.test(text)) {
    return path.join(around.home, text.slice(1));
  }
  if (text.includes(marker)) {
    return around.folder === undefined ? undefined : path.normalize(text.replaceAll(marker, around.folder));
  }
  if (path.isAbsolute(text) || !/[/\\]/.test(text)) {
    return text;
  }
  return around.folder === undefined ? undefined : path.join(around.folder, text);
}

function searchPath(around: Surroundings): string[] {
  // Windows spells the variable in more than one way.
  const key = Object.keys(around.env).find((name) => name.toUpperCase() === "PATH");
  const value = key === undefined ? "" : (around.env[key] ?? "");
  // A relative folder would mean one thing here and another in the server.
  return value.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
}

function firstProgram(candidates: string[], around: Surroundings): string | undefined {
  const endings = around.platform === "win32" ? ["", ".exe"] : [""];
  return candidates.flatMap((file) => endings.map((ending) => file + ending)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
