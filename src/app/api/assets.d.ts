// Files of swagger-ui-dist that are imported with { type: "file" }: the import gives the file's path, which in the
// executable leads into the executable itself, and ends in .gz where the build compressed the file.

declare module "swagger-ui-dist/swagger-ui-bundle.js" {
  const path: string;
  export = path;
}

declare module "swagger-ui-dist/swagger-ui.css" {
  const path: string;
  export = path;
}

declare module "swagger-ui-dist/favicon-32x32.png" {
  const path: string;
  export = path;
}
