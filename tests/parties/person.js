// A person with a software passkey and no browser: she creates her account and agrees to what is asked of her.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";

import { fields, unescape } from "./page.js";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest();
const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

export class Person {
  static async create(issuer, details) {
    const person = new Person(issuer);
    const first = await person.open("/create");
    const second = await person.submit("/create", { ...fields(first, "/create"), ...details });
    const options = JSON.parse(unescape(/data-options="([^"]*)"/.exec(second)[1]));
    const credential = JSON.stringify(passkey(issuer, options.publicKey));
    await person.submit("/create/passkey", { ...fields(second, "/create/passkey"), credential });
    return person;
  }

  constructor(issuer) {
    this.issuer = issuer;
    this.cookies = new Map();
  }

  // Goes where a system sends her, agrees where she is asked, and tells with what she is sent back: an address, or
  // the form that a page would post.
  async authorize(address, redirectUri) {
    let answer = await this.walk(address, redirectUri);
    if (answer.page?.includes('action="/consent"')) {
      const fill = { ...fields(answer.page, "/consent"), decision: decision(answer.page) };
      answer = await this.walk("/consent", redirectUri, { method: "POST", body: new URLSearchParams(fill) });
    }
    if (answer.arrived) return answer.arrived;
    if (answer.page.includes('id="reply"')) return { posted: fields(answer.page, redirectUri) };
    throw new Error(`not sent back: ${answer.page}`);
  }

  async open(path) {
    return (await this.walk(path)).page;
  }

  async submit(path, fill) {
    return (await this.walk(path, undefined, { method: "POST", body: new URLSearchParams(fill) })).page;
  }

  async walk(address, redirectUri, request = {}) {
    let at = new URL(address, this.issuer);
    for (let hop = 0; hop < 10; hop++) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const response = await fetch(at, { ...request, redirect: "manual", headers: { cookie } });
      for (const set of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
        this.cookies.set(name, value);
      }
      const location = response.headers.get("location");
      if (!location) return { page: await response.text(), status: response.status };
      at = new URL(location, at);
      if (redirectUri && at.href.startsWith(redirectUri)) return { arrived: at };
      request = {};
    }
    throw new Error("sent in circles");
  }
}

const decision = (page) => (page.includes('value="allow"') ? "allow" : "continue");

// WebAuthn Level 3 §7.1: what a device with a verified owner answers to `navigator.credentials.create`.
function passkey(issuer, options) {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  const clientDataJSON = JSON.stringify({ type: "webauthn.create", challenge: options.challenge, origin: issuer, crossOrigin: false });
  // COSE: an ES256 key on P-256.
  const key = Buffer.concat([
    Buffer.from("a5010203262001215820", "hex"), Buffer.from(x, "base64url"),
    Buffer.from("225820", "hex"), Buffer.from(y, "base64url"),
  ]);
  // Flags: present, verified, attested; counter 0; no model; a credential of 32 bytes.
  const authData = Buffer.concat([
    sha256(options.rp.id), Buffer.from("4500000000", "hex"), Buffer.alloc(16), Buffer.from("0020", "hex"), id, key,
  ]);
  // CBOR: {fmt: "none", attStmt: {}, authData}
  const attestationObject = Buffer.concat([
    Buffer.from("a363666d74646e6f6e656761747453746d74a0686175746844617461", "hex"), Buffer.from([0x58, authData.length]), authData,
  ]);
  return {
    id: base64url(id), rawId: base64url(id), type: "public-key", authenticatorAttachment: "platform",
    clientExtensionResults: {},
    response: { clientDataJSON: base64url(clientDataJSON), attestationObject: base64url(attestationObject), transports: ["internal"] },
  };
}
