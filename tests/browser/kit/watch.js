// Whatever a page complains about fails the test: errors of scripts, what the content security policy refused, and
// whatever a browser warns of.

export function watch(context) {
  const complaints = [];
  const documents = new Set();
  context.on("response", (response) => {
    if (response.request().isNavigationRequest()) documents.add(response.url());
  });
  context.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const { url } = message.location();
    // A page that says what went wrong has the status of what went wrong.
    if (message.text().startsWith("Failed to load resource: the server responded") && documents.has(url)) return;
    complaints.push(`${message.type()}: ${message.text()} (${url})`);
  });
  context.on("weberror", (error) => complaints.push(`thrown: ${error.error()}`));
  return complaints;
}
