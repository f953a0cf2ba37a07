// The lines of keys, in every way in which TOML writes them.

import { expect, test } from "bun:test";
import { locateKeys } from "../../../../src/app/config/locate.ts";

const TEXT = `# [api] in a comment
top = 1
[api] # port = 1
port = "# no comment"
"quoted" = 'a = b'
dotted.inner = 1
list = [
  "x", # [fake]
  "[also fake]",
]
text = """
port = 5
[wrong]
five quotes"""""
literal = '''
x = "'''
inline = { a = 1, b = [
  2 ] }
after = 2
  [ spaced . "sub.table" ]
  key= 1
[[rows]]
cell = 1
`;

test.each([
  [["top"], 2],
  [["api"], 3],
  [["api", "port"], 4],
  [["api", "quoted"], 5],
  [["api", "dotted", "inner"], 6],
  [["api", "list"], 7],
  [["api", "text"], 11],
  [["api", "literal"], 15],
  [["api", "inline"], 17],
  [["api", "inline", "a"], 17],
  [["api", "after"], 19],
  [["spaced", "sub.table"], 20],
  [["spaced", "sub.table", "key"], 21],
  [["rows"], 22],
  [["rows", "cell"], 23],
])("%j is on line %i", (path, line) => {
  expect(locateKeys(TEXT)(path)).toBe(line);
});

test("what is not there has no line", () => {
  expect(locateKeys(TEXT)(["fake"])).toBeUndefined();
  expect(locateKeys("")(["api"])).toBeUndefined();
});

test("line ends of Windows count once", () => {
  expect(locateKeys("[api]\r\nport = 1\r\nhost = 2\r\n")(["api", "host"])).toBe(3);
});
