import { createReadStream } from "node:fs";

/** Line numbers of byte positions in a file, counted when asked for; asking in ascending order reads the file once. */
export class LineNumbers {
  #position = 0;
  #line = 1;

  constructor(private readonly file: string) {}

  /** The line, from 1, of the first text at or after the position: empty lines before a row are not part of it. */
  async at(position: number): Promise<number> {
    if (position < this.#position) {
      this.#position = 0;
      this.#line = 1;
    }
    let line = this.#line;
    let read = this.#position;
    for await (const chunk of createReadStream(this.file, { start: read }) as AsyncIterable<Buffer>) {
      for (const byte of chunk) {
        if (read >= position && byte !== 10 && byte !== 13) return line;
        if (byte === 10) line++;
        read++;
        if (read === position) {
          this.#position = read;
          this.#line = line;
        }
      }
    }
    return line;
  }
}
