// An import of a .wasm file with { type: "file" } gives its path: in the package, or within the executable.

declare module "*.wasm" {
  const path: string;
  export = path;
}
