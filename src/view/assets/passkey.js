// Asks the browser for a passkey and submits the page's own form with the answer in its field "credential".
// Nothing is fetched. Whatever goes wrong, the page says what to do and the button works again.

// Loaded before the page is drawn: whoever is faster than the rest of the page is heard, too.
let early = false;
const hear = (event) => {
  if (!event.target.matches("form[data-passkey]")) return;
  event.preventDefault();
  early = true;
};
document.addEventListener("submit", hear);
document.addEventListener("DOMContentLoaded", () => {
  document.removeEventListener("submit", hear);
  const form = document.querySelector("form[data-passkey]");
  if (form) begin(form);
});

function begin(form) {
  const button = form.querySelector("button[type=submit]");
  const status = document.querySelector("[data-passkey-status]");
  const makes = form.dataset.passkey === "create";
  let waiting = null;

  if (!window.PublicKeyCredential || !navigator.credentials) {
    document.querySelector("[data-passkey-absent]").hidden = false;
    button.disabled = true;
    return;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    waiting?.abort();
    waiting = null;
    ask();
  });
  // Coming back by the back button shows the page as it was left.
  window.addEventListener("pageshow", () => rest());
  if (early) ask();
  else if (!makes) offer();

  // The passkeys in the list under the field, where the browser can do that.
  async function offer() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    const mine = new AbortController();
    waiting = mine;
    try {
      const publicKey = requestOptions(parsed());
      const credential = await navigator.credentials.get({ publicKey, mediation: "conditional", signal: mine.signal });
      if (credential) send(credential);
    } catch (error) {
      if (waiting === mine) waiting = null;
      if (error.name !== "AbortError" && error.name !== "NotAllowedError") console.warn(error.name);
    }
  }

  async function ask() {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    say(form.dataset.saysWaiting, false);
    try {
      const credential = makes
        ? await navigator.credentials.create({ publicKey: creationOptions(parsed()) })
        : await navigator.credentials.get({ publicKey: requestOptions(parsed()) });
      if (credential) return send(credential);
      throw new DOMException("", "NotAllowedError");
    } catch (error) {
      rest();
      say(wordsFor(error), true);
      if (!makes) offer();
    }
  }

  function send(credential) {
    form.elements.namedItem("credential").value = JSON.stringify(toJson(credential));
    HTMLFormElement.prototype.submit.call(form);
  }

  function rest() {
    button.disabled = false;
    button.removeAttribute("aria-busy");
    status.hidden = true;
  }

  function say(words, wrong) {
    status.textContent = words;
    status.classList.toggle("note-wrong", wrong);
    status.hidden = false;
    if (wrong) status.focus();
  }

  function wordsFor(error) {
    const says = form.dataset;
    return { NotAllowedError: says.saysCancelled, AbortError: says.saysCancelled, InvalidStateError: says.saysAlready,
      SecurityError: says.saysAddress }[error.name] ?? says.saysFailed;
  }

  function parsed() {
    const options = JSON.parse(form.dataset.options);
    return options.publicKey ?? options;
  }
}

// WebAuthn Level 3 reads and writes JSON by itself; older browsers and some password managers need the long way.

function creationOptions(json) {
  try {
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  } catch {
    return { ...json, challenge: bytes(json.challenge), user: { ...json.user, id: bytes(json.user.id) },
      excludeCredentials: (json.excludeCredentials ?? []).map(descriptor) };
  }
}

function requestOptions(json) {
  try {
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  } catch {
    return { ...json, challenge: bytes(json.challenge), allowCredentials: (json.allowCredentials ?? []).map(descriptor) };
  }
}

function descriptor(json) {
  return { ...json, id: bytes(json.id) };
}

function toJson(credential) {
  try {
    return credential.toJSON();
  } catch {
    const { response } = credential;
    const answer = { clientDataJSON: text(response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[part]) answer[part] = text(response[part]);
    }
    if (response.getTransports) answer.transports = response.getTransports();
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: answer,
      authenticatorAttachment: credential.authenticatorAttachment ?? undefined, clientExtensionResults: {} };
  }
}

function bytes(base64url) {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
