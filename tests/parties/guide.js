// A page of docs/relying-parties, followed to the letter by a system that stands beside a running `khue`. So no page can say
// what does not work.

import { spawn } from "node:child_process";
import { createConnection } from "node:net";

import { Instructions, SECRET } from "./instructions.js";
import { freePort, startKhue } from "./khue.js";

export { SECRET };

export class Guide {
  // Of the page, with a Khuê and a port at which the system of the page shall stand.
  static async open(page) {
    const [khue, port] = [await startKhue(), await freePort()];
    const home = `http://127.0.0.1:${port}`;
    return new Guide(await Instructions.of(page, khue.issuer, home), khue, port, home);
  }

  constructor(instructions, khue, port, home) {
    Object.assign(this, { instructions, khue, port, home, running: [], said: "" });
  }

  block(name) {
    return this.instructions.block(name);
  }

  register() {
    return this.khue.register(this.instructions.clientFile(), "dichvucong", this.instructions.redirectUri());
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
