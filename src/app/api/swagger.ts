// The Swagger page at /swagger. Its files are part of the executable, and its policy forbids to load anything from
// elsewhere, so a machine with no internet shows it whole.

import faviconPath from "swagger-ui-dist/favicon-32x32.png" with { type: "file" };
import stylesPath from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundlePath from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import { serveAsset } from "./serveAsset.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Aureon node API</title>
<link rel="icon" type="image/png" href="/swagger/favicon.png">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script src="/swagger/start.js"></script>
</body>
</html>
`;

// Without a validator's URL the page would send the document's address to a public service.
const START_SCRIPT = `window.ui = SwaggerUIBundle({
  url: "/swagger/json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  displayRequestDuration: true,
});
`;

// The interface sets inline styles; scripts come from files alone.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function serveText(text: string, headers: Readonly<Record<string, string>>): () => Response {
  return () => new Response(text, { headers: { ...headers } });
}

/** Paths and what they serve. */
export const SWAGGER_FILES: Readonly<Record<string, (request: Request) => Response | Promise<Response>>> = {
  "/swagger": serveText(PAGE, {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  }),
  "/swagger/start.js": serveText(START_SCRIPT, { "content-type": "text/javascript; charset=utf-8" }),
  "/swagger/swagger-ui-bundle.js": serveAsset(bundlePath, "text/javascript; charset=utf-8"),
  "/swagger/swagger-ui.css": serveAsset(stylesPath, "text/css; charset=utf-8"),
  "/swagger/favicon.png": serveAsset(faviconPath, "image/png"),
};
