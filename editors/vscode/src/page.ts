// The page of a plan, made safe to show. Nothing here knows the editor.

/** What `taglint.plan` answers. */
export interface Plan {
  title: string;
  html: string;
}

/** Styles of the page itself and nothing else: no script, no network, no form, no frame. */
export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The answer of the server, if it is a plan. */
export function asPlan(answer: unknown): Plan | undefined {
  if (typeof answer !== "object" || answer === null) {
    return undefined;
  }
  const { title, html } = answer as Record<string, unknown>;
  return typeof title === "string" && typeof html === "string" ? { title, html } : undefined;
}

/**
 * The page in the editor's colours. A page asks the system whether it is dark, and the editor's theme may
 * be another.
 */
export function themed(html: string, dark: boolean): string {
  return html
    .replaceAll("@media (prefers-color-scheme: dark)", dark ? "@media all" : "@media not all")
    .replaceAll("color-scheme: light dark", `color-scheme: ${dark ? "dark" : "light"}`);
}

/**
 * The page under the policy. The policy stands first in the head, so that nothing of the page comes
 * before it; a page without a head gets one.
 */
export function guarded(html: string): string {
  const meta = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`;
  const head = /^\s*(?:<!doctype[^>]*>\s*)?(?:<html[^>]*>\s*)?<head(?:\s[^>]*)?>/i.exec(html);
  if (head) {
    return head[0] + meta + html.slice(head[0].length);
  }
  return `<!doctype html><html><head>${meta}</head><body>${html}</body></html>`;
}
