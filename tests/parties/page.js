// What stands in a page of HTML.

// The form of which `mark` is a part, and where it goes.
export function form(page, mark) {
  const at = page.indexOf(mark);
  const start = page.lastIndexOf("<form", at);
  if (at < 0 || start < 0) throw new Error(`no form with ${mark}: ${page}`);
  const text = page.slice(start, page.indexOf("</form>", at));
  return { text, action: unescape(/action="([^"]*)"/.exec(text)[1]) };
}

// The hidden fields of the form that goes to `action`.
export function fields(page, action) {
  const { text } = form(page, `action="${escape(action)}"`);
  const hidden = text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g);
  return Object.fromEntries([...hidden].map(([, name, value]) => [unescape(name), unescape(value)]));
}

export function unescape(text) {
  const named = { quot: '"', amp: "&", lt: "<", gt: ">" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    name ? named[name] : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  );
}

const escape = (text) => text.replaceAll("&", "&#38;");
