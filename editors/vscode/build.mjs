// Bundles the extension; with --tests, its tests. What the package shares with the rest of the
// repository is copied here, so that each thing stands in the repository once.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");

for (const [from, to] of [
  ["schemas/policy.schema.json", "schemas/policy.schema.json"],
  ["LICENSE-MIT", "LICENSE-MIT"],
  ["LICENSE-APACHE", "LICENSE-APACHE"],
]) {
  mkdirSync(dirname(join(here, to)), { recursive: true });
  copyFileSync(join(root, from), join(here, to));
}

// `vscode` is there only inside the editor.
const shared = {
  absWorkingDir: here,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  logLevel: "warning",
};

const bundle = { ...shared, entryPoints: ["src/extension.ts"], outfile: "dist/extension.js", minify: true, metafile: true };
const { metafile } = await build(bundle);
writeFileSync(join(here, "dist/licences.txt"), licences(Object.keys(metafile.inputs)));

// What is bundled is passed on, and so are the licences of it.
function licences(files) {
  const folders = files.map((file) => /^node_modules\/(?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*/.exec(file)?.[0]);
  const texts = [...new Set(folders)].filter(Boolean).sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
    const texts = readdirSync(join(here, folder)).filter((name) => /^(licen[cs]e|notice)/i.test(name));
    if (texts.length === 0) throw new Error(`${name} ships no licence`);
    return [`${name} ${version} (${license})`, ...texts.map((text) => readFileSync(join(here, folder, text), "utf8"))].join("\n\n");
  });
  return `${texts.join(`\n\n${"-".repeat(72)}\n\n`)}\n`;
}

if (process.argv.includes("--tests")) {
  rmSync(join(here, "out"), { recursive: true, force: true });
  const tests = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  await build({ ...shared, entryPoints: tests.map((name) => `test/${name}`), outdir: "out" });
}
