import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asPlan, guarded, POLICY, themed } from "../src/page";

const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;

test("only a title and a page are a plan", () => {
  assert.deepEqual(asPlan({ title: "a", html: "<p>", more: 1 }), { title: "a", html: "<p>" });
  for (const answer of [null, undefined, "text", 1, {}, { title: "a" }, { title: 1, html: "" }]) {
    assert.equal(asPlan(answer), undefined);
  }
});

test("the policy stands first in the head", () => {
  const page = '<!doctype html>\n<html lang="en">\n<head>\n<script>x</script></head><body></body></html>';
  assert.equal(
    guarded(page),
    `<!doctype html>\n<html lang="en">\n<head>${meta}\n<script>x</script></head><body></body></html>`,
  );
});

test("a page that hides its head is put under the policy whole", () => {
  for (const page of ["<p>plan</p>", "<script>x</script><head></head>", "<!-- <head> --><script>x</script>", "<header>a</header>"]) {
    assert.ok(guarded(page).startsWith(`<!doctype html><html><head>${meta}</head><body>`), page);
    assert.ok(guarded(page).includes(page));
  }
});

test("the policy admits neither scripts nor the network", () => {
  const rules = new Map(POLICY.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1)]));
  assert.deepEqual(rules.get("default-src"), ["'none'"]);
  assert.equal(rules.get("script-src"), undefined);
  assert.deepEqual(rules.get("img-src"), ["data:"]);
});

test("the editor's theme decides over the colours of the page", () => {
  const style = readFileSync("../../src/report/plan/style.css", "utf8");
  const [dark, light] = [themed(style, true), themed(style, false)];
  assert.ok(dark.includes("@media all {") && dark.includes("color-scheme: dark;"));
  assert.ok(light.includes("@media not all {") && light.includes("color-scheme: light;"));
  assert.ok(!`${dark}${light}`.includes("prefers-color-scheme: dark"));
});
