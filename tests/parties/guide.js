// A page of docs/relying-parties, followed to the letter: what it says to register and to write is what runs here, with
// its addresses moved to this machine. So no page can say what does not work.

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";

import { freePort, startKhue } from "./khue.js";

const ISSUER = "https://id.moet.gov.vn";
const HOME = "https://dichvucong.example.vn";
export const SECRET = "a-secret-of-at-least-thirty-two-bytes";

export class Guide {
  // The page, a Khuê, and a port at which the system of the page shall stand.
  static async open(page) {
    const text = await readFile(new URL(`../../docs/relying-parties/${page}`, import.meta.url), "utf8");
    const port = await freePort();
    return new Guide(text, await startKhue(), port);
  }

  constructor(text, khue, port) {
    this.text = text;
    this.khue = khue;
    this.port = port;
    this.home = `http://127.0.0.1:${port}`;
    this.running = [];
    this.said = "";
  }

  // The block of code that follows a line which names it: "`app.js`:".
  block(name) {
    const lines = this.text.split("\n");
    const at = lines.findIndex((line) => line.includes(`\`${name}\``) && line.endsWith(":"));
    if (at < 0) throw new Error(`the page has no block ${name}`);
    const start = at + 2;
    const length = lines.slice(start).findIndex((line) => line !== "" && !line.startsWith("    "));
    const block = lines.slice(start, length < 0 ? undefined : start + length).map((line) => line.slice(4));
    return block.join("\n").replaceAll(ISSUER, this.khue.issuer).replaceAll(HOME, this.home);
  }

  // What the page says to register, with the members that every system has.
  async register() {
    const members = this.block("clients.toml");
    const claim = (name) => `[[client.claims]]\nclaim = "${name}"\npurpose = { vi = "Kiểm thử.", en = "Testing." }\nbasis = "contract"\nessential = true\n`;
    const secret = members.includes('"none"') ? "" : `client_secret = "${SECRET}"\n`;
    const entry = `[[client]]
client_id = "dichvucong"
client_name = { vi = "Cổng dịch vụ công", en = "Public Service Portal" }
client_purpose = { vi = "Kiểm thử.", en = "Testing." }
client_uri = "${this.home}/"
contacts = ["test@example.vn"]
${secret}${members}
${claim("name")}
${claim("email")}`;
    await this.khue.register(entry, "dichvucong", /redirect_uris = \["([^"]+)"/.exec(members)[1]);
  }

  // Starts a server of the system, and waits until it listens.
  async run(command, args, options = {}, port = this.port) {
    const server = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    this.running.push(server);
    const hear = (chunk) => (this.said += chunk);
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    let ended = null;
    server.once("error", (error) => (ended = error));
    server.once("exit", () => (ended = new Error(`${command} ended:\n${this.said}`)));
    while (!(await listens(port))) {
      if (ended) throw ended;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async end() {
    for (const server of this.running.reverse()) {
      if (server.exitCode !== null || server.signalCode !== null) continue;
      const gone = new Promise((resolve) => server.once("exit", resolve));
      server.kill();
      await gone;
    }
    await this.khue.end();
  }
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
