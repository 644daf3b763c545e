// A device with a screen lock, of Chromium's own making: it keeps passkeys and answers when it is touched.

export class Authenticator {
  static async plugInto(page, options = {}) {
    const session = await page.context().newCDPSession(page);
    await session.send("WebAuthn.enable", { enableUI: false });
    const authenticator = new Authenticator(session);
    await authenticator.add(options);
    return authenticator;
  }

  constructor(session) {
    this.session = session;
  }

  async add(options = {}) {
    const { authenticatorId } = await this.session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: false,
        ...options,
      },
    });
    this.id = authenticatorId;
  }

  // Takes the device away and plugs in one that knows nothing.
  async replace(options = {}) {
    await this.session.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.id });
    await this.add(options);
  }

  // From now on the person is there to touch it, or not.
  present(enabled) {
    return this.session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled });
  }

  // The person touches the device while `act` goes on.
  async touched(act) {
    await this.present(true);
    await act();
    await this.present(false);
  }

  // Whether fingerprint, face or screen lock open it.
  unlocks(isUserVerified) {
    return this.session.send("WebAuthn.setUserVerified", { authenticatorId: this.id, isUserVerified });
  }

  async passkeys() {
    const { credentials } = await this.session.send("WebAuthn.getCredentials", { authenticatorId: this.id });
    return credentials;
  }

  // The same passkeys on this device, the only one that is used from now on: its counter has gone further.
  async holds(credentials) {
    await this.forget();
    for (const held of credentials) {
      const credential = { ...held, signCount: Math.floor(performance.now()) };
      await this.session.send("WebAuthn.addCredential", { authenticatorId: this.id, credential });
    }
  }

  async forget() {
    await this.session.send("WebAuthn.clearCredentials", { authenticatorId: this.id });
  }
}
