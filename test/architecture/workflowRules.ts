// What the workflows of GitHub keep to, beyond the schema of the format. A workflow runs only after it was pushed, so its
// mistakes are looked for here.

import { parse } from "yaml";

/** A command's text may name them; GitHub replaces expressions in it before a shell could quote them. */
const EXPRESSION = /\$\{\{/;
const PINNED_ACTION = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const USES_LINE = /^\s*(?:- )?uses:\s*(\S+)(.*)$/gm;
const MAKE_COMMAND = /\bmake((?:\s+(?:-\S+|[A-Z_]+=\S+))*)\s+([a-z][\w-]*)/g;
const SCRIPT_PATH = /(?<![\w./-])(?:scripts\/[\w./-]+|\.ci\/\w+)/g;

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly steps?: readonly Step[];
  readonly permissions?: unknown;
  readonly "timeout-minutes"?: unknown;
  readonly strategy?: { readonly matrix?: { readonly include?: readonly Readonly<Record<string, string>>[] } };
}

export interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

export function parseWorkflow(text: string): Workflow {
  return parse(text) as Workflow;
}

function stepsOf(workflow: Workflow): readonly Step[] {
  return Object.values(workflow.jobs).flatMap(({ steps = [] }) => steps);
}

/** The targets of make that the commands name. */
export function makeTargets(workflow: Workflow): readonly string[] {
  const commands = stepsOf(workflow).flatMap(({ run = "" }) => [...run.matchAll(MAKE_COMMAND)]);
  return commands.map(([, , target = ""]) => target);
}

/** The files of this repository that the commands run. */
export function scriptPaths(workflow: Workflow): readonly string[] {
  return stepsOf(workflow).flatMap(({ run = "" }) => run.match(SCRIPT_PATH) ?? []);
}

/** The jobs that one waits for, with those that they wait for. */
function waitedFor(workflow: Workflow, name: string): ReadonlySet<string> {
  const found = new Set<string>([name]);
  for (const one of found) for (const next of [workflow.jobs[one]?.needs ?? []].flat()) found.add(next);
  found.delete(name);
  return found;
}

/** What a text of a step becomes, once for each row of its job's matrix. */
function expand(text: string, job: Job): string[] {
  const rows = job.strategy?.matrix?.include ?? [{}];
  return rows.map((row: Readonly<Record<string, string>>) =>
    text.replace(/\$\{\{\s*matrix\.(\w+)\s*\}\}/g, (whole, key: string) => row[key] ?? whole),
  );
}

function artifactNames(job: Job | undefined, action: "upload" | "download", input: "name" | "pattern"): string[] {
  const steps = (job?.steps ?? []).filter(({ uses = "" }) => uses.startsWith(`actions/${action}-artifact@`));
  return steps.flatMap((step) => {
    const text = step.with?.[input];
    return typeof text === "string" && job !== undefined ? expand(text, job) : [];
  });
}

/** Artifacts that a job takes although no job that it waits for has made them. */
export function artifactViolations(workflow: Workflow): readonly string[] {
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const made = [...waitedFor(workflow, name)].flatMap((one) => artifactNames(workflow.jobs[one], "upload", "name"));
    const names = artifactNames(job, "download", "name").filter((wanted) => !made.includes(wanted));
    const patterns = artifactNames(job, "download", "pattern").filter(
      (pattern) => !made.some((one) => new Bun.Glob(pattern).match(one)),
    );
    return [...names, ...patterns].map((wanted) => `${name} takes ${wanted}, which nothing before it has made`);
  });
}

/** Jobs that may hang for hours, may do whatever the token can, or wait for a job that there is not. */
export function jobViolations(workflow: Workflow): readonly string[] {
  const top = JSON.stringify(workflow.permissions) === "{}" ? [] : ["the workflow does not begin with no permission"];
  return Object.entries(workflow.jobs).reduce<string[]>((found, [name, job]) => {
    if (typeof job["timeout-minutes"] !== "number") found.push(`${name} has no timeout-minutes`);
    if (typeof job.permissions !== "object") found.push(`${name} does not list its permissions`);
    const unknown = [job.needs ?? []].flat().filter((needed) => !Object.hasOwn(workflow.jobs, needed));
    for (const needed of unknown) found.push(`${name} needs ${needed}, which is no job`);
    for (const { run = "" } of job.steps ?? []) {
      if (EXPRESSION.test(run)) found.push(`${name} has an expression in a command; pass it by env`);
    }
    return found;
  }, top);
}

/** Actions that somebody else could exchange, and those whose version a reader does not see. */
export function actionViolations(text: string): readonly string[] {
  return [...text.matchAll(USES_LINE)].flatMap(([, action = "", rest = ""]) => {
    if (!PINNED_ACTION.test(action)) return [`${action} is not pinned to a commit`];
    return /^ # v\d+\.\d+\.\d+$/.test(rest) ? [] : [`${action} has no comment that names its version`];
  });
}

/** Places that say which Bun is used, in place of package.json. */
export function bunViolations(text: string, bunVersion: string): readonly string[] {
  const written = text.includes(bunVersion) ? [`writes out Bun's version ${bunVersion}`] : [];
  const setups = stepsOf(parseWorkflow(text)).filter(({ uses = "" }) => uses.startsWith("oven-sh/setup-bun@"));
  const deviating = setups.filter((step) => JSON.stringify(step.with) !== '{"bun-version-file":"package.json"}');
  return [...written, ...deviating.map(() => "sets up a Bun that package.json does not name")];
}

/** The suffixes of the files that the jobs named in `jobs` try, by their matrices. */
export function smokedTargets(workflow: Workflow, jobs: readonly string[]): readonly string[] {
  return jobs.flatMap((name) => {
    const rows = workflow.jobs[name]?.strategy?.matrix?.include ?? [];
    return rows.flatMap(({ target }) => target ?? []);
  });
}
