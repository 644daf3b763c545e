// One of the invented people of a sandbox, as docs/relying-parties/sandbox.md lets a program play her: cookies, redirects,
// hidden fields and form posts, no script. She follows whatever way a system sends her, and tells where it ended.

import { request as send } from "node:http";
import { text as whole } from "node:stream/consumers";

import { fields, form } from "./page.js";

export class Visitor {
  constructor(person = "teacher") {
    this.person = person;
    this.jars = new Map();
  }

  // Where the way ended, and which pages of Khuê she filled in on it.
  async go(address, request = {}) {
    const filled = [];
    let at = new URL(address);
    for (let hop = 0; hop < 30; hop++) {
      const { status, location, text } = await this.fetch(at, request);
      if (location) {
        at = new URL(location, at);
        request = {};
        continue;
      }
      const step = this.step(text);
      if (!step) return { url: at, status, text, filled };
      filled.push(step.page);
      at = new URL(step.action, at);
      request = { method: "POST", fill: step.fill };
    }
    throw new Error(`sent in circles: ${at}`);
  }

  // Not by `fetch`, which says of itself that it is no navigation (`Sec-Fetch-Mode`): some systems answer only those.
  // Cookies go by host, whatever the port (RFC 6265 §8.5).
  async fetch(at, { method = "GET", fill }) {
    const jar = this.jars.get(at.hostname) ?? new Map();
    this.jars.set(at.hostname, jar);
    const headers = { accept: "text/html,*/*;q=0.8", cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") };
    const body = fill && new URLSearchParams(fill).toString();
    if (body) headers["content-type"] = "application/x-www-form-urlencoded";
    const response = await new Promise((resolve, reject) => {
      send(at, { method, headers }).once("response", resolve).once("error", reject).end(body);
    });
    for (const set of response.headers["set-cookie"] ?? []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set);
      if (value === "" || /max-age=0|expires=thu, 01[ -]jan[ -]1970/i.test(set)) jar.delete(name);
      else jar.set(name, value);
    }
    return { status: response.statusCode, location: response.headers.location, text: await whole(response) };
  }

  // What she does with a page of Khuê; nothing with any other.
  step(text) {
    if (text.includes('action="/sandbox/sign-in"')) {
      return { page: "sign-in", action: "/sandbox/sign-in", fill: { ...fields(text, "/sandbox/sign-in"), person: this.person } };
    }
    if (text.includes('action="/consent"')) {
      const decision = text.includes('value="allow"') ? "allow" : "continue";
      return { page: "consent", action: "/consent", fill: { ...fields(text, "/consent"), decision } };
    }
    if (text.includes('action="/device/verify"')) {
      const user_code = /name="user_code"[^>]* value="([^"]+)"/.exec(text)[1];
      return { page: "device-code", action: "/device/verify", fill: { ...fields(text, "/device/verify"), user_code } };
    }
    if (text.includes('action="/device/confirm"')) {
      return { page: "device-confirm", action: "/device/confirm", fill: { ...fields(text, "/device/confirm"), decision: "same" } };
    }
    if (text.includes('action="/logout/confirm"')) {
      return { page: "sign-out", action: "/logout/confirm", fill: { ...fields(text, "/logout/confirm"), from: "everything" } };
    }
    if (text.includes('id="reply"')) {
      const { action } = form(text, 'id="reply"');
      return { page: "reply", action, fill: fields(text, action) };
    }
    return null;
  }
}
