import { test as base, expect } from "@playwright/test";

import { Authenticator } from "./authenticator.js";
import { Khue } from "./khue.js";
import { watch } from "./watch.js";

export { expect };

export const test = base.extend({
  // One instance for all tests of a worker: people do not get in each other's way.
  khue: [
    async ({}, use) => {
      const khue = await Khue.start();
      await use(khue);
      await khue.remove();
    },
    { scope: "worker" },
  ],

  // An instance that a test may end and start.
  ownKhue: async ({}, use) => {
    const khue = await Khue.start();
    await use(khue);
    await khue.remove();
  },

  complaints: async ({}, use) => {
    const complaints = [];
    await use(complaints);
    expect(complaints, "what browsers complained about").toEqual([]);
  },

  // Another browser: cookies of its own.
  newBrowser: async ({ browser, complaints }, use) => {
    const contexts = [];
    await use(async ({ offersPasskeys = false, ...options } = {}) => {
      const context = await browser.newContext({
        locale: "vi-VN",
        timezoneId: "Asia/Ho_Chi_Minh",
        viewport: { width: 1280, height: 900 },
        ...options,
      });
      // Chromium's device takes the offer up by itself when it may be touched, before any button is pressed.
      if (!offersPasskeys) await context.addInitScript(withoutOffer);
      contexts.push([context, watch(context)]);
      return context;
    });
    for (const [context, heard] of contexts) {
      await context.close();
      complaints.push(...heard);
    }
  },

  context: async ({ newBrowser }, use) => use(await newBrowser()),

  authenticator: async ({ page }, use) => use(await Authenticator.plugInto(page)),
});

function withoutOffer() {
  if (window.PublicKeyCredential) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
}
