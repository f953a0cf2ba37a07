// A JSON value in the words in which it was written, for what is signed as text: numbers keep their digits and objects the
// order of their keys.

export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}
