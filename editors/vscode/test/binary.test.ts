import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { expandPath, findProgram, type Surroundings } from "../src/binary";

const root = mkdtempSync(path.join(tmpdir(), "taglint-binary-"));
after(() => rmSync(root, { recursive: true }));

function file(name: string, mode: number): string {
  const full = path.join(root, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, "#!/bin/sh\n");
  chmodSync(full, mode);
  return full;
}

const first = file("first/taglint", 0o755);
file("second/taglint", 0o755);
file("plain/taglint", 0o644);
const home = file("home/bin/taglint", 0o755);
const own = file("folder/target/debug/taglint", 0o755);
const windows = file("windows/taglint.exe", 0o755);
mkdirSync(path.join(root, "directory", "taglint"), { recursive: true });

function around(folders: string[], change: Partial<Surroundings> = {}): Surroundings {
  const search = folders.map((folder) => path.join(root, folder)).join(path.delimiter);
  return {
    env: { PATH: search },
    home: path.join(root, "home"),
    folder: path.join(root, "folder"),
    platform: "linux",
    ...change,
  };
}

test("a name is the first program of PATH: no folder, and nothing that may not run", () => {
  assert.deepEqual(findProgram("taglint", around(["directory", "plain", "first", "second"])), { found: first });
  assert.deepEqual(findProgram("  ", around(["first"])), { found: first });
});

test("what is missing is said with the place", () => {
  const nowhere = findProgram("taglint", around(["plain", "directory"]));
  assert.deepEqual(nowhere, { missing: "`taglint` is in none of the folders of PATH" });
  assert.deepEqual(findProgram("taglint", around([], { env: {} })), nowhere);
  const gone = path.join(root, "gone");
  assert.deepEqual(findProgram(gone, around(["first"])), { missing: `there is no program at \`${gone}\`` });
  assert.deepEqual(findProgram("./bin/taglint", around(["first"], { folder: undefined })), {
    missing: "`./bin/taglint` starts at the folder of the workspace, and none is open",
  });
});

test("paths start at home, at the folder, or at the root", () => {
  assert.deepEqual(findProgram("~/bin/taglint", around([])), { found: home });
  assert.deepEqual(findProgram("target/debug/taglint", around([])), { found: own });
  assert.deepEqual(findProgram("${workspaceFolder}/target/debug/taglint", around([])), { found: own });
  assert.deepEqual(findProgram(own, around([])), { found: own });
});

test("a relative folder of PATH is passed over", () => {
  const here = path.relative(process.cwd(), path.join(root, "first"));
  const missing = findProgram("taglint", around([], { env: { PATH: here } }));
  assert.ok("missing" in missing);
});

test("Windows adds .exe and spells PATH its own way", () => {
  const env = { Path: path.join(root, "windows") };
  assert.deepEqual(findProgram("taglint", around([], { env, platform: "win32" })), { found: windows });
  assert.ok("missing" in findProgram("taglint", around([], { env, platform: "linux" })));
});

test("a name stays a name", () => {
  assert.equal(expandPath("taglint", around([])), "taglint");
  assert.equal(expandPath("~x", around([])), "~x");
});
