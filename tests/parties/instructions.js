// What a page of docs/relying-parties tells to register and to write, with its addresses moved to this machine.

import { readFile } from "node:fs/promises";

const ISSUER = "https://id.moet.gov.vn";
const HOME = "https://dichvucong.example.vn";
export const SECRET = "a-secret-of-at-least-thirty-two-bytes";

export class Instructions {
  static async of(page, issuer, home) {
    const text = await readFile(new URL(`../../docs/relying-parties/${page}`, import.meta.url), "utf8");
    return new Instructions(text, issuer, home);
  }

  constructor(text, issuer, home) {
    this.lines = text.split("\n");
    this.issuer = issuer;
    this.home = home;
  }

  // The block of code that follows a line which names it: "`app.js`:".
  block(name) {
    const at = this.lines.findIndex((line) => line.includes(`\`${name}\``) && line.endsWith(":"));
    if (at < 0) throw new Error(`the page has no block ${name}`);
    const rest = this.lines.slice(at + 2);
    const length = rest.findIndex((line) => line !== "" && !line.startsWith("    "));
    const block = rest.slice(0, length < 0 ? undefined : length).map((line) => line.slice(4));
    const moved = block.join("\n").replaceAll(ISSUER, this.issuer).replaceAll(HOME, this.home);
    return moved.replaceAll(new URL(ISSUER).host, new URL(this.issuer).host);
  }

  // What the page says to register, with the members that every system has.
  clientFile() {
    const members = this.block("clients.toml");
    const secret = members.includes('"none"') ? "" : `client_secret = "${SECRET}"\n`;
    return `[[client]]
client_id = "dichvucong"
client_name = { vi = "Cổng dịch vụ công", en = "Public Service Portal" }
client_purpose = { vi = "Kiểm thử.", en = "Testing." }
client_uri = "${this.home}/"
contacts = ["test@example.vn"]
${secret}${members}
${claim("name")}
${claim("email")}`;
  }

  redirectUri() {
    return /redirect_uris = \["([^"]+)"/.exec(this.block("clients.toml"))[1];
  }
}

const claim = (name) => `[[client.claims]]
claim = "${name}"
purpose = { vi = "Kiểm thử.", en = "Testing." }
basis = "contract"
essential = true
`;
