// The peer of the API's reads: an Elysia application whose routes answer constants. BARE_ANSWERS names routes and answers.

import { Elysia } from "elysia";

const answers = JSON.parse(process.env.BARE_ANSWERS ?? "{}") as Record<string, object>;
const app = new Elysia();
for (const [path, answer] of Object.entries(answers)) {
  // A handler that looks at a parameter makes Elysia cut it out of the path.
  if (path.includes(":")) app.get(path, ({ params }) => (Object.hasOwn(params, "absent") ? {} : answer));
  else app.get(path, () => answer);
}
app.listen({ hostname: "127.0.0.1", port: Number(process.env.PORT) });
