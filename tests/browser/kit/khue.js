// A `khue demo` of its own: a temporary folder, three free ports, ended and removed with the test.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BINARY = process.env.KHUE_TEST_BINARY ?? fileURLToPath(new URL("../../../target/debug/khue", import.meta.url));
const run = promisify(execFile);

export class Khue {
  static async start() {
    const folder = await mkdtemp(join(tmpdir(), "khue-browser-"));
    for (let attempt = 0; attempt < 10; attempt++) {
      const khue = new Khue(folder, await freePorts());
      if (await khue.begin()) return khue;
    }
    throw new Error("no three free ports in a row");
  }

  constructor(folder, port) {
    this.folder = folder;
    this.port = port;
    this.said = "";
  }

  get issuer() {
    return `http://localhost:${this.port}`;
  }

  get portal() {
    return `http://127.0.0.1:${this.port + 1}`;
  }

  get office() {
    return `http://127.0.0.1:${this.port + 2}`;
  }

  // Whether it came up; false where somebody took a port meanwhile.
  async begin() {
    const process = spawn(BINARY, ["demo", "--folder", join(this.folder, "data"), "--port", String(this.port)], {
      cwd: this.folder,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = process;
    return new Promise((resolve, reject) => {
      const hear = (chunk) => {
        this.said += chunk;
        if (this.said.includes("Khuê is ready")) resolve(true);
      };
      process.stdout.on("data", hear);
      process.stderr.on("data", hear);
      process.once("error", reject);
      process.once("exit", () =>
        this.said.includes("is in use") ? resolve(false) : reject(new Error(`khue demo ended:\n${this.said}`)),
      );
    });
  }

  async end(signal = "SIGTERM") {
    const { process } = this;
    if (process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((resolve) => process.once("exit", resolve));
    process.kill(signal);
    await gone;
  }

  // Ends it, politely or not, and starts it where it was.
  async restart(signal) {
    await this.end(signal);
    this.said = "";
    if (!(await this.begin())) throw new Error(this.said);
  }

  // Another khue command on this instance.
  command(...args) {
    return run(BINARY, args, { cwd: join(this.folder, "data") });
  }

  async remove() {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }
}

// Three ports in a row, free just now.
async function freePorts() {
  for (;;) {
    const port = await listenOn(0);
    if (port && port < 65_000 && (await listenOn(port + 1)) && (await listenOn(port + 2))) return port;
  }
}

function listenOn(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(null));
    server.listen(port, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
