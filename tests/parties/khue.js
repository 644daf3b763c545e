// A running `khue` in a temporary folder, with the systems of `clients.toml` on its register. Started by hand
// (`node khue.js`) it prints its issuer and the cookies of a person who is signed in, and lives until its standard input
// ends: so Python's tests use it too.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { Person } from "./person.js";

const BINARY = process.env.KHUE_TEST_BINARY ?? fileURLToPath(new URL("../../target/debug/khue", import.meta.url));
const CLIENTS = fileURLToPath(new URL("clients.toml", import.meta.url));
const run = promisify(execFile);

export async function startKhue() {
  const folder = await mkdtemp(join(tmpdir(), "khue-parties-"));
  const data = join(folder, "data");
  const { server, issuer } = await demo(data);
  const end = async () => {
    const gone = new Promise((resolve) => server.once("exit", resolve));
    server.kill();
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  // Puts the systems of a client file on the register.
  const apply = async (file) => run(BINARY, ["client", "apply", "--yes", file], { cwd: data });
  const register = async (text, id, redirectUri) => {
    const file = join(folder, `${id}.toml`);
    await writeFile(file, text);
    await apply(file);
    await known(issuer, id, redirectUri);
  };
  try {
    await apply(CLIENTS);
    await known(issuer, "odd-secret", "http://127.0.0.1/callback");
  } catch (error) {
    await end();
    throw error;
  }
  return { issuer, folder, register, end };
}

async function demo(data) {
  for (;;) {
    const port = await freePort();
    const server = spawn(BINARY, ["demo", "--folder", data, "--port", String(port)], { stdio: ["ignore", "pipe", "pipe"] });
    const ready = await new Promise((resolve, reject) => {
      let said = "";
      const hear = (chunk) => (said += chunk).includes("Khuê is ready") && resolve(true);
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.once("error", reject);
      server.once("exit", () => (said.includes("is in use") ? resolve(false) : reject(new Error(said))));
    });
    if (ready) return { server, issuer: `http://localhost:${port}` };
  }
}

// A running server follows its register within seconds.
async function known(issuer, id, redirectUri) {
  const request = new URLSearchParams({ client_id: id, response_type: "code", redirect_uri: redirectUri });
  for (;;) {
    const response = await fetch(`${issuer}/authorize?${request}`, { redirect: "manual" });
    if (response.status === 303) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port < 65_000 ? port : freePort()));
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const khue = await startKhue();
  const person = await Person.create(khue.issuer, { name: "H'Hen Niê", email: "hhen@example.vn", phone: "" });
  console.log(JSON.stringify({ issuer: khue.issuer, cookies: Object.fromEntries(person.cookies) }));
  process.stdin.resume();
  process.stdin.once("end", () => khue.end());
}
